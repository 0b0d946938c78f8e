import type { Packet } from "../capture/packet.js";
import type { PacketEvent } from "../monitor/event.js";
import { type Address, sameAddress } from "../net/address.js";
import { conversationNear } from "./conversationNear.js";
import { fwmarkAfter } from "./fwmarkAt.js";
import { deviceOfEvent, isInSrv6, placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import type { RoutedPacket } from "./routedPacket.js";

/** The device a packet entered the kernel's forwarding by, when `event` saw it last. */
function inputDevice(context: PathContext, event: PacketEvent): string | undefined {
  if (placeOfEvent(event) !== "to-stack") return deviceOfEvent(event, context.deviceWithMac);
  return context.endpointWithId(event.place.file, event.source)?.device;
}

/**
 * The packet as policy routing sees it after `event`: destinations are translated by then, sources are not yet. `undefined` where no event
 * shows what is looked up.
 */
export function flowAtRouting(
  context: PathContext,
  packet: Packet,
  event: PacketEvent,
  dst: Address,
): RoutedPacket | undefined {
  const { headers } = event;
  if (!headers?.ip || isInSrv6(event)) return undefined;
  const events = packet.events.map((joined) => joined.event);
  return {
    headers,
    src: headers.ip.src,
    dst,
    iif: inputDevice(context, event),
    events,
    fwmark: fwmarkAfter(event, events, context.facts),
  };
}

/**
 * Where the packet is really going: its destination once every translation is undone. A reply that was last seen before PREROUTING
 * still carries the node's address; the request of its conversation tells which pod it is for.
 */
export function finalDestination(context: PathContext, packet: Packet): Address | undefined {
  const last = packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers?.ip;
  if (!last || packet.direction !== "reply" || context.endpointAt(packet.file, last.dst)) return last?.dst;
  for (const other of conversationNear(context, packet)) {
    if (other.direction !== "request") continue;
    const sources = other.events.flatMap(({ event }) => event.headers?.ip?.src ?? []);
    if (sources.some((address) => sameAddress(address, last.dst))) return sources[0];
  }
  return last.dst;
}

/** The packet at its first routing decision on this node; `undefined` where the kernel did not forward it. */
export function firstForwarding(context: PathContext, packet: Packet): RoutedPacket | undefined {
  const destination = finalDestination(context, packet);
  const entry = packet.events.find(({ event }) => {
    const place = placeOfEvent(event);
    return place === "to-stack" || place === "from-network";
  });
  return entry && destination && flowAtRouting(context, packet, entry.event, destination);
}
