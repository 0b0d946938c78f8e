import type { JoinedEvent } from "../capture/packet.js";
import { describeDevice } from "../cilium/devices.js";
import type { Decision } from "../fib/decision.js";
import type { PacketEvent, PacketHeaders } from "../monitor/event.js";
import { formatAddress, sameAddress } from "../net/address.js";
import type { DatapathPlaceId } from "./datapathPlaces.js";
import { flowAtRouting } from "./flowAtRouting.js";
import { routingOfOuter, routingOfSent } from "./localRouting.js";
import { whyUnseen } from "./missingEvent.js";
import { deviceOfEvent, placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { lookupRouted } from "./routedPacket.js";
import { deliversLocally, egressDevices } from "./settleDecision.js";
import { placesAfter, placesBefore, placesBetween } from "./silentPlaces.js";
import type { Subject } from "./subject.js";
import type { Hop, Step } from "./trace.js";

/** A hop while its walk is put together. */
interface DraftHop extends Hop {
  readonly steps: Step[];
}

function silentHop(place: DatapathPlaceId, endpoint?: number): DraftHop {
  return { place, ...(place === "pod" && endpoint !== undefined ? { endpoint } : {}), steps: [] };
}

function endpointOf(event: PacketEvent): number | undefined {
  if (event.type !== "trace") return undefined;
  if (event.observationPoint === "to-endpoint") return event.dstEndpoint || event.source;
  return event.observationPoint === "from-endpoint" ? event.source : undefined;
}

function observedHop(context: PathContext, joined: JoinedEvent, place: DatapathPlaceId): DraftHop {
  const device = deviceOfEvent(joined.event, context.deviceWithMac);
  const endpoint = endpointOf(joined.event);
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

function isPodDevice(device: string): boolean {
  return describeDevice(device)?.kind === "pod";
}

/** Whether what the dumps answer is what was seen to happen next. An answer that depends on something agrees if one of its branches does. */
function agrees(decision: Decision, next: Hop): boolean {
  if (decision.type === "missing") return true;
  const devices = egressDevices(decision);
  switch (next.place) {
    case "from-host":
      return devices.includes("cilium_host");
    case "from-stack":
      return devices.some(isPodDevice);
    case "from-proxy":
      return devices.some((device) => device === "cilium_host" || isPodDevice(device));
    case "to-network":
      return next.device === undefined ? !devices.includes("cilium_host") : devices.includes(next.device);
    default:
      return true;
  }
}

/** Makes a decision part of a hop, as what happened or as what can't have. */
function decideAt(hop: DraftHop, decision: Decision, next: Hop): void {
  hop.steps.push({ type: agrees(decision, next) ? "routed" : "contradicted", decision });
}

/** The places before the first event, with the routing decision about a packet that this node sent. */
function silentStart(context: PathContext, first: DraftHop, event: PacketEvent): DraftHop[] {
  const hops = placesBefore(event).map((place) => silentHop(place, first.endpoint));
  const routing = hops.find(({ place }) => place === "routing");
  const decision = routing && routingOfSent(context, event);
  if (decision) decideAt(routing, decision, first);
  return hops;
}

/** The silent places between two events, with the translation and the routing decision that must have been made there. */
function silentSegment(
  context: PathContext,
  subject: Subject,
  before: PacketEvent,
  next: DraftHop,
  event: PacketEvent,
): DraftHop[] {
  const between = placesBetween(subject, before, event).map((place) => silentHop(place));
  for (const step of translations(before.headers, event.headers)) placeTranslation([...between, next], step);
  const routing = between.find(({ place }) => place === "routing");
  const flow = routing && event.headers?.ip && flowAtRouting(context, subject.packet, before, event.headers.ip.dst);
  if (flow) decideAt(routing, lookupRouted(context.state, flow), next);
  const outer = between.find(({ place }) => place === "outer-routing");
  const outerDecision = outer && routingOfOuter(context, event.headers?.tunnel);
  if (outerDecision) decideAt(outer, outerDecision, next);
  return between;
}

/** Whether any dump shows the rules that the kernel asks. */
function hasRules({ state }: PathContext, { headers }: PacketEvent): boolean {
  return headers?.ip !== undefined && state.families[headers.ip.src.family].rules !== undefined;
}

/** After the last event hands the packet to the kernel: what the dumps say that the kernel made of it. */
function intoKernel(context: PathContext, { packet, destination }: Subject, last: PacketEvent): DraftHop[] {
  const place = placeOfEvent(last);
  const routed = place === "to-stack" || place === "to-proxy" || place === "from-network";
  if (!destination || !last.headers?.ip || !routed) return [];
  if (context.facts.hostRouting === "bpf" && place === "from-network") return [];
  const flow = flowAtRouting(context, packet, last, destination);
  const decision = flow && lookupRouted(context.state, flow);
  if (!decision || (decision.type === "missing" && !hasRules(context, last))) return [];
  const prerouting = silentHop("prerouting");
  prerouting.steps.push(
    ...translations(last.headers, { ...last.headers, ip: { ...last.headers.ip, dst: destination } }),
  );
  const routing: DraftHop = { place: "routing", steps: [{ type: "routed", decision }] };
  if (!deliversLocally(decision)) return [prerouting, routing];
  return [prerouting, routing, silentHop(place === "to-proxy" ? "proxy-process" : "host-process")];
}

/**
 * Whether a packet that was last seen at `to-network` may have been taken there by another program, to be encrypted or led to a gateway:
 * the program of a pod reports it before that of the device does, whose event may be hidden or lost.
 */
function mayGoOn(context: PathContext, subject: Subject, last: PacketEvent, hops: readonly Hop[]): boolean {
  if (placeOfEvent(last) !== "to-network") return false;
  const before = hops.at(-2)?.place;
  const byDevice = before !== undefined && !before.startsWith("from-");
  return !byDevice && whyUnseen(context, subject, last, false) !== undefined;
}

/**
 * The observed walk: the places of the packet's events in their order, with the silent places it must have passed before, between and
 * behind them, and what the headers (translation) and the node's dumps (routing) say about those.
 */
export function observedWalk(context: PathContext, subject: Subject): Hop[] {
  const hops: DraftHop[] = [];
  let before: PacketEvent | undefined;
  for (const joined of subject.packet.events) {
    const { event } = joined;
    if (event.type === "drop") {
      hops.push({ place: "dropped", steps: [{ type: "dropped", joined }] });
      return hops;
    }
    const place = placeOfEvent(event);
    if (place === undefined) continue;
    const hop = observedHop(context, joined, place);
    const silent = before ? silentSegment(context, subject, before, hop, event) : silentStart(context, hop, event);
    hops.push(...silent, hop);
    before = event;
  }
  if (!before) return hops;
  const endpoint = hops.at(-1)?.endpoint;
  const behind = mayGoOn(context, subject, before, hops) ? [] : placesAfter(before);
  hops.push(...behind.map((place) => silentHop(place, endpoint)), ...intoKernel(context, subject, before));
  return hops;
}
