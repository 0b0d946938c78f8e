import type { CaseNode } from "../../case/case.js";
import { describeDevice } from "../../cilium/devices.js";
import type { Decision } from "../../fib/decision.js";
import { fibOf } from "../../fib/fibOf.js";
import { type Flow, forwardedFlow } from "../../fib/flow.js";
import { lookup } from "../../fib/lookup.js";
import { ownAddress } from "../../fib/ownAddress.js";
import type { ReceivedPacket } from "../../fib/validateSource.js";
import { type Address, formatAddress, sameAddress } from "../../net/address.js";
import { finalDestination, flowAtRouting } from "../../path/flowAtRouting.js";
import { placeOfEvent } from "../../path/observation.js";
import { flowOf, lookupRouted } from "../../path/routedPacket.js";
import { deliversLocally, egressDevices } from "../../path/settleDecision.js";
import type { Trace } from "../../path/trace.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Place } from "../../text/span.js";

/** A packet that came into the node's IPv4 stack, and what is known of its fate. */
export interface Received {
  readonly packet: ReceivedPacket;
  readonly place: Place;
  /**
   * - `refused`: the kernel's log says that it refused the source.
   * - `vanished`: a capture that would show it again does not, nor an answer.
   * - `unanswered`: tcpdump saw it come in for the node itself, nothing takes it past the kernel's stack, and no answer was seen.
   * - `seen`: tcpdump saw it on the device; what became of it can't be told.
   * - `unseen`: a capture shows it come in, and would not show what became of it.
   */
  readonly fate: "refused" | "vanished" | "unanswered" | "seen" | "unseen";
}

/**
 * Where the kernel would send it: source validation looks the way back up from there. Nothing for a packet whose look-up comes to an
 * error, for that is made first (net/ipv4/route.c: ip_route_input_slow).
 */
function withEgress(flow: Flow, iif: string, decision: Decision): ReceivedPacket | undefined {
  if (!flow.src || decision.type === "error") return undefined;
  const [device] = egressDevices(decision);
  return { ...flow, src: flow.src, iif, leavesBy: deliversLocally(decision) ? null : (device ?? null) };
}

/** Whether a capture shows every event: only then a missing one means something. */
export function isWhole({ context }: CaseNode, file: string): boolean {
  const capture = context.captures.find((each) => each.file === file);
  return capture?.aggregation === "none" && capture.losses.length === 0;
}

/** Whether anything came back in the packet's conversation: then it was not refused. */
export function isAnswered({ context }: CaseNode, { packet }: Trace): boolean {
  const sources = packet.events.flatMap(({ event }) => event.headers?.ip?.src ?? []);
  return context
    .conversationOf(packet)
    .some(({ headers }) => headers?.ip && !sources.some((source) => sameAddress(source, headers.ip?.src)));
}

/** A captured packet that the last event hands to the kernel's own forwarding. */
function fromTrace(node: CaseNode, trace: Trace): Received | undefined {
  const { context, state } = node;
  const { packet } = trace;
  const last = packet.events.at(-1)?.event;
  const place = last && placeOfEvent(last);
  if (!last || (place !== "from-network" && place !== "to-stack")) return undefined;
  // Past the kernel's stack, source validation is not asked.
  if (place === "from-network" && context.facts.hostRouting === "bpf") return undefined;
  const destination = finalDestination(context, packet);
  const routed = destination && flowAtRouting(context, packet, last, destination);
  if (!routed || routed.iif === undefined || routed.dst.family !== 4 || isAnswered(node, trace)) return undefined;
  const received = withEgress(flowOf(routed), routed.iif, lookupRouted(state, routed));
  // What is for the node itself is seen no more in any capture; its answer would be.
  const toHost = place === "from-network" && isWhole(node, packet.file);
  const vanished = toHost || trace.disposition.type === "lost-in-kernel";
  return received && { packet: received, place: last.place, fate: vanished ? "vanished" : "unseen" };
}

/** Whether a device tells of BPF programs that may take packets on before the kernel looks at them: Cilium's, or those of Calico's eBPF mode. */
function tellsOfBpf(device: string): boolean {
  return describeDevice(device)?.owner === "Cilium" || /^bpf(?:in|out)\.cali/.test(device);
}

/** Whether all that comes in for the node itself is the kernel's own matter, as far as its devices tell. */
function isPlain({ links, families }: NodeState): boolean {
  const routes = [...families[4].tables.values()].flatMap((table) => table.routes);
  const devices = routes.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? []));
  return ![...links.keys(), ...devices].some(tellsOfBpf);
}

/**
 * Packets that the kernel's log and tcpdump tell of. tcpdump sees what leaves as well: what the node itself sends, or would send by the
 * device, may have been going out.
 */
function fromDumps({ files, state }: CaseNode): Received[] {
  const packets = files.flatMap(({ transcript }) =>
    transcript.sections.flatMap((section) => (section.kind === "packets" ? section.packets : [])),
  );
  if (packets.length === 0) return [];
  const fib = fibOf(state, 4);
  const ends = (from: Address, to: Address): string => `${formatAddress(from)} ${formatAddress(to)}`;
  const seen = new Set(packets.map(({ src, dst }) => ends(src, dst)));
  const plain = isPlain(state);
  return packets.flatMap(({ src, dst, dev, refused, place }): Received[] => {
    const flow = forwardedFlow({ src, dst, iif: dev });
    const packet = src.family === 4 ? withEgress(flow, dev, lookup(fib, flow)) : undefined;
    if (!packet || (!refused && (packet.leavesBy === dev || ownAddress(fib, src).own))) return [];
    const unanswered = plain && packet.leavesBy === null && !seen.has(ends(dst, src));
    return [{ packet, place, fate: refused ? "refused" : unanswered ? "unanswered" : "seen" }];
  });
}

/** Of each conversation the first packet stands for all: what refuses it refuses the others. */
function firstOfEach(traces: readonly Trace[]): Trace[] {
  const seen = new Set<string>();
  return traces.filter(({ packet }) => {
    const last = packet.events.at(-1)?.event;
    const key = `${packet.file} ${packet.conversation} ${last && placeOfEvent(last)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The packets that are known to have come in, one of each conversation, surest first. */
export function receivedPackets(node: CaseNode): Received[] {
  const dumped = fromDumps(node);
  const captured = firstOfEach(node.traces).flatMap((trace) => fromTrace(node, trace) ?? []);
  const fates = ["refused", "vanished", "unanswered", "seen", "unseen"];
  return [...dumped, ...captured].sort((a, b) => fates.indexOf(a.fate) - fates.indexOf(b.fate));
}
