import type { Decision, RouteDecision } from "../../fib/decision.js";
import type { Trace } from "../../path/trace.js";

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

/** What the dumps answer to the look-up that came behind the packet's last event. */
export function lastDecision({ hops }: Trace): Decision | undefined {
  const lastSeen = hops.findLastIndex(({ steps }) => steps.some(({ type }) => type === "observed"));
  const steps = hops.slice(lastSeen + 1).flatMap((hop) => hop.steps);
  const routed = steps.find((step) => step.type === "routed");
  return routed?.type === "routed" ? routed.decision : undefined;
}
