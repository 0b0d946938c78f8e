import type { CaseNode } from "../../case/case.js";
import type { Decision, ErrorDecision } from "../../fib/decision.js";
import { wordsForDecision, wordsForDestination, wordsForPrefix, wordsForTable } from "../../fib/decisionWords.js";
import { formatAddress } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import { deliversLocally, egressDevices } from "../../path/settleDecision.js";
import type { Trace } from "../../path/trace.js";
import { isWeakJoin } from "../../path/weakJoin.js";
import { decisionPlaces } from "../decisionPlaces.js";
import type { Confidence, RelatedPlace, Severity } from "../finding.js";
import { endsWords, protocolWords } from "../flowWords.js";
import { weighsOn } from "../shadowing/weighsOn.js";
import { decisionsOf, lastDecision } from "./traceDecisions.js";

/** How a packet left the normal way. */
export interface Divergence {
  readonly kind: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly sentences: readonly string[];
  readonly related: readonly RelatedPlace[];
}

function headersOf({ packet }: Trace) {
  return packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers;
}

/** `This TCP SYN packet from A to B`. */
function subjectWords(trace: Trace): string {
  const headers = headersOf(trace);
  return headers ? `This ${protocolWords(headers)} packet ${endsWords(headers)}` : "This packet";
}

/** Sent out by a device that does not lead to its endpoint. */
function wrongDevice(trace: Trace): Divergence | undefined {
  const { disposition, packet } = trace;
  const ip = headersOf(trace)?.ip;
  if (disposition.type !== "wrong-device" || !ip) return undefined;
  const { taken, expected } = decisionsOf(trace);
  const endpoint = trace.expected?.at(-1)?.endpoint;
  const what = packet.direction === "unknown" ? "packet" : packet.direction;
  return {
    kind: "wrong-device",
    severity: "error",
    confidence: packet.events.every((joined) => !isWeakJoin(joined)) ? "confirmed" : "likely",
    sentences: [
      `This ${what} from ${formatAddress(ip.src)} is for ${formatAddress(ip.dst)}, endpoint ${endpoint ?? "?"} of this node, and left by ${disposition.device ?? "a network device"} instead of going to it${expected ? ` by ${wordsForDestination(expected)}` : ""}.`,
      taken
        ? `Rule ${taken.rule.priority} took it to ${wordsForTable(taken.table)} (${wordsForPrefix(taken.route.dst)} to ${wordsForDestination(taken)})${expected ? `, before rule ${expected.rule.priority} could look up ${formatPrefix(expected.route.dst)} in ${wordsForTable(expected.table)}` : ""}.`
        : "Which rule took it can be told from the node's rules and routes: add `ip rule show` and `ip route show table all` to this folder.",
    ],
    related: [...(taken ? decisionPlaces(taken) : []), ...(expected ? expectedPlaces(trace) : [])],
  };
}

function expectedPlaces(trace: Trace): RelatedPlace[] {
  const { expected } = decisionsOf(trace);
  if (!expected || expected.route.place.file === "") return [];
  return [
    { place: expected.route.place, message: `The route it should have taken, in ${wordsForTable(expected.table)}` },
  ];
}

/** Seen by the same places again and again. */
function looping(trace: Trace): Divergence | undefined {
  const { disposition, packet, hops } = trace;
  if (disposition.type !== "looping") return undefined;
  const { from, to } = disposition.ttl;
  const { taken } = decisionsOf(trace);
  const points = [
    ...new Set(hops.filter(({ steps }) => steps.some(({ type }) => type === "observed")).map(({ place }) => place)),
  ];
  const first = packet.events[0]?.event.place;
  return {
    kind: "looping",
    severity: "error",
    confidence: "confirmed",
    sentences: [
      `${subjectWords(trace)} goes round: ${points.join(", ")} ${points.length === 1 ? "sees" : "see"} it again and again, and its TTL falls from ${from} to ${to}.`,
      taken
        ? `Rule ${taken.rule.priority} sends it to ${wordsForDestination(taken)} by ${wordsForPrefix(taken.route.dst)} of ${wordsForTable(taken.table)}.`
        : "Usually a route leads an address that no endpoint has back to cilium_host: `ip route get` for the destination tells which.",
    ],
    related: [
      ...(first ? [{ place: first, message: "First seen here" }] : []),
      ...(taken ? decisionPlaces(taken) : []),
    ],
  };
}

/** The rule or route that refuses: `rule 5250 (unreachable)`, `blackhole 10.0.0.0/24`. */
function refuserWords({ rule, route }: ErrorDecision): string {
  if (route)
    return `the route \`${route.type} ${wordsForPrefix(route.dst)}\`${rule ? `, which rule ${rule.priority} looks up,` : ""} refuses it`;
  if (rule) return `rule ${rule.priority} refuses it (${rule.action.type})`;
  return "no rule leads to a route for it";
}

/** The kernel has it, and the dumps say that its look-up comes to an error. */
function refused(node: CaseNode, trace: Trace): Divergence | undefined {
  const decision = lastDecision(trace);
  const last = trace.packet.events.at(-1)?.event;
  if (decision?.type !== "error" || last?.type !== "trace") return undefined;
  const sure = !decision.assumptions.some(weighsOn);
  const forPod = node.context.endpointAt(trace.packet.file, decision.flow.dst) !== undefined;
  return {
    kind: `refused ${decision.rule?.priority}`,
    // A pod may well send to where nothing is; that a pod of this node is refused is a fault.
    severity: sure ? (forPod ? "error" : "warning") : "information",
    confidence: sure ? "likely" : "conditional",
    sentences: [
      `${subjectWords(trace)} was handed to the kernel at ${last.observationPoint} and is not seen again: by the dumps, ${refuserWords(decision)}.`,
      ...premises(decision),
    ],
    related: decisionPlaces(decision),
  };
}

function premises({ assumptions }: Decision): string[] {
  return assumptions.length === 0
    ? []
    : [`This holds provided that ${assumptions.map(({ text }) => text).join(", and that ")}.`];
}

/** The kernel or the proxy should have had it, and the dumps lead it elsewhere. */
function ledElsewhere(trace: Trace): Divergence | undefined {
  const { disposition } = trace;
  const decision = lastDecision(trace);
  if (!decision || decision.type === "missing") return undefined;
  const toProxy = disposition.type === "lost-at-proxy";
  if (!toProxy && disposition.type !== "lost-in-kernel") return undefined;
  const { expected } = decisionsOf(trace);
  const goal = toProxy
    ? "the proxy, for which it must be delivered to this host"
    : expected && wordsForDestination(expected);
  if (goal === undefined) return undefined;
  const right = toProxy ? deliversLocally(decision) : sameDevices(decision, expected);
  if (right) return undefined;
  const sure = decision.type === "route" && !decision.assumptions.some(weighsOn);
  return {
    kind: `elsewhere ${wordsForDecision(decision)}`,
    severity: sure ? "error" : "information",
    confidence: sure ? "likely" : "conditional",
    sentences: [
      `${subjectWords(trace)} was to go to ${goal}, and is not seen again: by the dumps it goes to ${wordsForDecision(decision)}.`,
      ...premises(decision),
    ],
    related: [...decisionPlaces(decision), ...expectedPlaces(trace)],
  };
}

function sameDevices(decision: Decision, expected: Decision | undefined): boolean {
  const wanted = expected ? egressDevices(expected) : [];
  return egressDevices(decision).every((device) => wanted.includes(device));
}

/** How a packet left the normal way, and what of the dumps did it; `undefined` where it did not, or where nothing shows why. */
export function divergence(node: CaseNode, trace: Trace): Divergence | undefined {
  switch (trace.disposition.type) {
    case "wrong-device":
      return wrongDevice(trace);
    case "looping":
      return looping(trace);
    case "lost-in-kernel":
    case "lost-at-proxy":
    case "dropped":
      return refused(node, trace) ?? ledElsewhere(trace);
    default:
      return undefined;
  }
}
