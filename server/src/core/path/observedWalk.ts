import type { JoinedEvent, Packet } from "../capture/packet.js";
import type { Decision } from "../fib/decision.js";
import type { PacketEvent, PacketHeaders } from "../monitor/event.js";
import { type Address, formatAddress, sameAddress } from "../net/address.js";
import { type DatapathPlaceId, shortestWay } from "./datapathGraph.js";
import { flowAtRouting } from "./flowAtRouting.js";
import { deviceOfEvent, placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { lookupRouted } from "./routedPacket.js";
import { deliversLocally, egressDevices } from "./settleDecision.js";
import type { Hop, Step } from "./trace.js";

/** A hop while its walk is put together. */
interface DraftHop extends Hop {
  readonly steps: Step[];
}

function silentHop(place: DatapathPlaceId, endpoint?: number): DraftHop {
  return { place, ...(endpoint === undefined ? {} : { endpoint }), steps: [] };
}

function observedHop(context: PathContext, joined: JoinedEvent, place: DatapathPlaceId): DraftHop {
  const { event } = joined;
  const device = deviceOfEvent(event, context.devices);
  const endpoint =
    event.type !== "trace"
      ? undefined
      : place === "to-endpoint"
        ? event.dstEndpoint || event.source
        : place === "from-endpoint"
          ? event.source
          : undefined;
  return {
    place,
    ...(device === undefined ? {} : { device }),
    ...(endpoint === undefined ? {} : { endpoint }),
    steps: [{ type: "observed", joined }],
  };
}

/** The address translations between two sightings of a packet. */
function translations(before: PacketHeaders | undefined, after: PacketHeaders | undefined): Step[] {
  if (!before?.ip || !after?.ip) return [];
  const steps: Step[] = [];
  for (const end of ["dst", "src"] as const) {
    if (sameAddress(before.ip[end], after.ip[end])) continue;
    steps.push({ type: "translated", end, from: formatAddress(before.ip[end]), to: formatAddress(after.ip[end]) });
  }
  return steps;
}

/** Netfilter changes destinations before routing and sources behind it (net/netfilter/nf_nat_core.c: HOOK2MANIP), BPF anywhere. */
function placeTranslation(segment: readonly DraftHop[], step: Step): void {
  const hook = step.type === "translated" && step.end === "dst" ? "prerouting" : "postrouting";
  (segment.find(({ place }) => place === hook) ?? segment.at(-1))?.steps.push(step);
}

/** Whether what the dumps answer is what was seen to happen next. An answer that depends on something agrees if one of its branches does. */
function agrees(decision: Decision, next: Hop): boolean {
  if (decision.type === "missing") return true;
  const devices = egressDevices(decision);
  switch (next.place) {
    case "from-host":
      return devices.includes("cilium_host");
    case "from-stack":
      return devices.some((device) => device.startsWith("lxc"));
    case "to-network":
      return next.device === undefined ? !devices.includes("cilium_host") : devices.includes(next.device);
    default:
      return true;
  }
}

/** The silent places between two events, with the translation and the routing decision that must have been made there. */
function silentSegment(
  context: PathContext,
  packet: Packet,
  before: PacketEvent,
  next: DraftHop,
  event: PacketEvent,
): DraftHop[] {
  const from = placeOfEvent(before);
  const way =
    from && (shortestWay(from, next.place, context.facts, "silent") ?? shortestWay(from, next.place, {}, "silent"));
  const between = (way ?? []).slice(1, -1).map((place) => silentHop(place));
  for (const step of translations(before.headers, event.headers)) placeTranslation([...between, next], step);
  const routing = between.find(({ place }) => place === "routing");
  const flow = routing && event.headers?.ip && flowAtRouting(context, packet, before, event.headers.ip.dst);
  if (flow) {
    const decision = lookupRouted(context.state, flow);
    routing.steps.push({ type: agrees(decision, next) ? "routed" : "contradicted", decision });
  }
  return between;
}

/** After the last event hands the packet to the kernel: what the dumps say that the kernel made of it. */
function intoKernel(
  context: PathContext,
  packet: Packet,
  last: PacketEvent,
  destination: Address | undefined,
): DraftHop[] {
  const place = placeOfEvent(last);
  if (!destination || !last.headers?.ip || (place !== "to-stack" && place !== "from-network")) return [];
  if (context.facts.hostRouting === "bpf" && place === "from-network") return [];
  const flow = flowAtRouting(context, packet, last, destination);
  const decision = flow && lookupRouted(context.state, flow);
  if (!decision || decision.type === "missing") return [];
  const prerouting = silentHop("prerouting");
  const undone = translations(last.headers, { ...last.headers, ip: { ...last.headers.ip, dst: destination } });
  prerouting.steps.push(...undone);
  const routing: DraftHop = { place: "routing", steps: [{ type: "routed", decision }] };
  return deliversLocally(decision) ? [prerouting, routing, silentHop("host-process")] : [prerouting, routing];
}

/**
 * The observed walk: the places of the packet's events in their order, with the silent places it must have passed between them, and
 * what the headers (translation) and the node's dumps (routing) say about those.
 *
 * @param destination where the packet is really going, with every translation undone
 */
export function observedWalk(context: PathContext, packet: Packet, destination: Address | undefined): Hop[] {
  const hops: DraftHop[] = [];
  let before: PacketEvent | undefined;
  for (const joined of packet.events) {
    const { event } = joined;
    if (event.type === "drop") {
      hops.push({ place: "dropped", steps: [{ type: "dropped", joined }] });
      return hops;
    }
    const place = placeOfEvent(event);
    if (place === undefined) continue;
    const hop = observedHop(context, joined, place);
    if (before) hops.push(...silentSegment(context, packet, before, hop, event));
    else if (place === "from-endpoint") hops.push(silentHop("pod", event.source));
    else if (place === "from-network") hops.push(silentHop("wire"));
    hops.push(hop);
    before = event;
  }
  const last = hops.at(-1);
  if (last?.place === "to-endpoint") hops.push(silentHop("pod", last.endpoint));
  else if (last?.place === "to-network") hops.push(silentHop("wire"));
  else if (before) hops.push(...intoKernel(context, packet, before, destination));
  return hops;
}
