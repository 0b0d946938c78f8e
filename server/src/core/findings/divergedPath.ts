import type { CaseNode } from "../case/case.js";
import type { RouteDecision } from "../fib/decision.js";
import { wordsForDestination, wordsForPrefix, wordsForTable } from "../fib/decisionWords.js";
import { formatAddress } from "../net/address.js";
import { formatPrefix } from "../net/prefix.js";
import type { Trace } from "../path/trace.js";
import { fieldPlace } from "./fieldPlace.js";
import type { Finding, FindingKind, RelatedPlace } from "./finding.js";

/** The routing decision a trace was sent away by, and the one that would have led to its endpoint. */
export function decisionsOf(trace: Trace): { readonly taken?: RouteDecision; readonly expected?: RouteDecision } {
  const steps = [...trace.hops, ...(trace.expected ?? [])].flatMap((hop) => hop.steps);
  const routed = steps.find((step) => step.type === "routed");
  const expected = steps.find((step) => step.type === "route-expected");
  return {
    ...(routed?.decision.type === "route" ? { taken: routed.decision } : {}),
    ...(expected?.decision.type === "route" ? { expected: expected.decision } : {}),
  };
}

function related({ taken, expected }: ReturnType<typeof decisionsOf>, trace: Trace): RelatedPlace[] {
  const witness = trace.witness?.events.at(-1)?.event.place;
  return [
    ...(taken
      ? [
          { place: taken.rule.place, message: `Rule ${taken.rule.priority} decided` },
          { place: taken.route.place, message: `Its route in ${wordsForTable(taken.table)}` },
        ]
      : []),
    ...(expected
      ? [
          {
            place: expected.route.place,
            message: `The route it should have taken, in ${wordsForTable(expected.table)}`,
          },
        ]
      : []),
    ...(witness ? [{ place: witness, message: "The same kind of packet, delivered" }] : []),
  ];
}

function findingFor(node: CaseNode, trace: Trace): Finding | undefined {
  const { disposition, packet } = trace;
  const last = packet.events.at(-1)?.event;
  const ip = packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers?.ip;
  if (disposition.type !== "wrong-device" || !last || !ip) return undefined;
  const decisions = decisionsOf(trace);
  const { taken, expected } = decisions;
  const endpoint = trace.expected?.at(-1)?.endpoint;
  const what = packet.direction === "unknown" ? "packet" : packet.direction;
  const sentences = [
    `This ${what} from ${formatAddress(ip.src)} is for ${formatAddress(ip.dst)}, endpoint ${endpoint ?? "?"} of this node, and left by ${disposition.device ?? "a network device"} instead of going to it${expected ? ` by ${wordsForDestination(expected)}` : ""}.`,
    ...(taken
      ? [
          `Rule ${taken.rule.priority} took it to ${wordsForTable(taken.table)} (${wordsForPrefix(taken.route.dst)} to ${wordsForDestination(taken)})${expected ? `, before rule ${expected.rule.priority} could look up ${formatPrefix(expected.route.dst)} in ${wordsForTable(expected.table)}` : ""}.`,
        ]
      : [
          "Which rule took it can be told from the node's rules and routes: add `ip rule show` and `ip route show table all` to this folder.",
        ]),
  ];
  return {
    code: "diverged-path",
    severity: "error",
    confidence: packet.events.every(({ join }) => join !== "addresses") ? "confirmed" : "likely",
    place: fieldPlace(node, last.place, "observationPoint"),
    message: sentences.join(" "),
    related: related(decisions, trace),
    data: { code: "diverged-path", trace },
  };
}

/** A captured packet for an endpoint of this node left by a network device. */
export const divergedPath: FindingKind = {
  code: "diverged-path",
  defaultSeverity: "error",
  meaning:
    "A captured packet was for an endpoint of this node and left the normal way: it was sent out by a device that does not lead there.",
  silentWhen: [
    "The packet was delivered, or its destination is not known to be an endpoint of this node.",
    "The dumps alone would send it astray but the capture shows that it arrived: then they are of different moments.",
  ],
  example: `from-network on eth0: 192.0.2.7 -> 192.0.2.10 (the node, for endpoint 77 behind it)
to-network on eth0:   192.0.2.7 -> 10.3.0.83  (the endpoint, never reached)`,
  check: (node: CaseNode) => node.traces.flatMap((trace) => findingFor(node, trace) ?? []),
};
