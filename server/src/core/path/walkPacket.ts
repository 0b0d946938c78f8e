import type { Endpoint } from "../capture/columns/endpoints.js";
import type { Packet } from "../capture/packet.js";
import { sameAddress } from "../net/address.js";
import { addWitnesses } from "./addWitnesses.js";
import { dispositionOf } from "./disposition.js";
import { expectedWalk } from "./expectedWalk.js";
import { observedWalk } from "./observedWalk.js";
import type { PathContext } from "./pathContext.js";
import { subjectOf } from "./subject.js";
import type { Disposition, Trace } from "./trace.js";

/** Ends that are compared with the normal way. A drop has its reason, and needs no comparison. */
const comparable: ReadonlySet<Disposition["type"]> = new Set([
  "wrong-device",
  "lost-in-kernel",
  "lost-at-proxy",
  "looping",
]);

/** A packet of any capture of this node that was for the same endpoint, from the same peer, and reached it. */
function findWitness(context: PathContext, packet: Packet, endpoint: Endpoint): Packet | undefined {
  const peer = packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers?.ip?.src;
  for (const other of context.deliveredTo(endpoint)) {
    const { event } = other.events.at(-1) ?? {};
    const sameKind = other !== packet && other.direction === packet.direction;
    if (sameKind && sameAddress(event?.headers?.ip?.src, peer)) return other;
  }
  return undefined;
}

/** Walks one packet: what its events show, what it must have passed silently, what the normal way is, and where they part. */
export function walkPacket(context: PathContext, packet: Packet): Trace {
  const subject = subjectOf(context, packet);
  const walked = observedWalk(context, subject);
  const disposition = dispositionOf(context, subject, walked);
  const hops = addWitnesses(context, packet, walked, disposition);
  if (disposition.type === "delivered" || disposition.type === "sent") {
    return { packet, hops, disposition, expected: hops, parting: undefined };
  }
  const expected = comparable.has(disposition.type) ? expectedWalk(context, subject, hops) : undefined;
  if (!expected) return { packet, hops, disposition, expected: undefined, parting: undefined };
  const witness = subject.endpoint && findWitness(context, packet, subject.endpoint);
  const { device, ways, openFacts } = expected;
  return {
    packet,
    hops,
    disposition:
      disposition.type === "wrong-device" && device !== undefined
        ? { ...disposition, expectedDevice: device }
        : disposition,
    expected: expected.hops,
    parting: expected.parting,
    ...(ways.length > 1 ? { expectedWays: ways, openFacts } : {}),
    ...(witness ? { witness } : {}),
  };
}
