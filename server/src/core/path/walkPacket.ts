import type { Endpoint } from "../capture/endpoints.js";
import type { Packet } from "../capture/packet.js";
import { sameAddress } from "../net/address.js";
import { dispositionOf } from "./disposition.js";
import { expectedWalk } from "./expectedWalk.js";
import { finalDestination } from "./flowAtRouting.js";
import { observedWalk } from "./observedWalk.js";
import { endpointOf, type PathContext } from "./pathContext.js";
import type { Trace } from "./trace.js";

/** A packet of any capture of this node that was for the same endpoint, from the same peer, and reached it. */
function findWitness(context: PathContext, packet: Packet, endpoint: Endpoint): Packet | undefined {
  const peer = packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers?.ip?.src;
  return context.delivered.get(endpoint.id)?.find((other) => {
    const { event } = other.events.at(-1) ?? {};
    return other !== packet && other.direction === packet.direction && sameAddress(event?.headers?.ip?.src, peer);
  });
}

/** Walks one packet: what its events show, what it must have passed silently, what the normal way is, and where they part. */
export function walkPacket(context: PathContext, packet: Packet): Trace {
  const destination = finalDestination(context, packet);
  const endpoint = endpointOf(context, packet.file, destination);
  const hops = observedWalk(context, packet, destination);
  const disposition = dispositionOf(context, packet, hops, endpoint !== undefined);
  if (disposition.type === "delivered" || disposition.type === "sent") {
    return { packet, hops, disposition, expected: hops, parting: undefined };
  }
  const comparable = disposition.type === "wrong-device" || disposition.type === "lost-in-kernel";
  const expected = endpoint && comparable ? expectedWalk(context, packet, hops, endpoint) : undefined;
  if (!expected || !endpoint) return { packet, hops, disposition, expected: undefined, parting: undefined };
  const witness = findWitness(context, packet, endpoint);
  return {
    packet,
    hops,
    disposition:
      disposition.type === "wrong-device" && expected.device !== undefined
        ? { ...disposition, expectedDevice: expected.device }
        : disposition,
    expected: expected.hops,
    parting: expected.parting,
    ...(witness ? { witness } : {}),
  };
}
