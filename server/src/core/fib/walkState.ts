import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import { addressKey, unspecifiedKey } from "./addressKey.js";
import type { Fib } from "./compileFib.js";
import type { Assumption, Considered, ErrorDecision, LookupError, MissingDecision, RuleVerdict } from "./decision.js";
import type { Flow } from "./flow.js";
import type { Condition, Premises } from "./openField.js";
import type { ComparedFlow } from "./selector.js";

/** One walk under way. */
export interface Walk {
  readonly fib: Fib;
  readonly compared: ComparedFlow;
  /** The device that nexthops must have. A VRF as `oif` chooses the table instead (l3mdev_update_flow). */
  readonly oif: string | null;
  /** Receives every rule the walk comes by; undefined on the fast path. */
  readonly considered: Considered[] | undefined;
  readonly assumptions: Assumption[];
}

/** The walk stopped at a rule that asks what neither the flow nor the premises tell. */
export interface OpenQuestion {
  readonly type: "open";
  readonly rule: Rule;
  readonly field: string;
  readonly condition: Condition;
  readonly considered: readonly Considered[];
  readonly assumptions: readonly Assumption[];
}

/** What was not dumped and would have to be, with the command that shows it. */
export interface MissingEvidence {
  readonly type: "missing";
  readonly missing: string;
  readonly command: string;
}

/** Sets out on a walk. `considered`, where given, will hold every rule the walk comes by. */
export function beginWalk(fib: Fib, flow: Flow, premises: Premises, considered: Considered[] | undefined): Walk {
  const { vrfs } = fib;
  const device = flow.oif ?? (flow.iif === "lo" ? undefined : flow.iif);
  const compared: ComparedFlow = {
    flow,
    dst: addressKey(flow.dst),
    src: flow.src ? addressKey(flow.src) : unspecifiedKey,
    premises,
    vrf: flow.vrf ?? (device === undefined ? undefined : vrfs.of(device)),
  };
  const oif = flow.oif !== null && vrfs.isVrf(flow.oif) ? null : flow.oif;
  return { fib, compared, oif, considered, assumptions: [] };
}

/** Notes what a rule did, if anybody wants to know. */
export function note(walk: Walk, rule: Rule, verdict: RuleVerdict): void {
  walk.considered?.push({ rule, verdict });
}

/** Rests the answer on a fact that no dump shows. */
export function assume(walk: Walk, text: string, command: string): void {
  if (!walk.assumptions.some((known) => known.text === text)) walk.assumptions.push({ text, command });
}

/** What every end of a walk carries. */
export function ending(walk: Walk) {
  return { flow: walk.compared.flow, considered: walk.considered ?? [], assumptions: walk.assumptions };
}

export function failure(walk: Walk, error: LookupError, rule?: Rule, route?: Route): ErrorDecision {
  return { ...ending(walk), type: "error", error, ...(rule && { rule }), ...(route && { route }) };
}

export function missingEvidence(walk: Walk, evidence: MissingEvidence, rule?: Rule): MissingDecision {
  return { ...ending(walk), ...evidence, ...(rule && { rule }) };
}

export function openQuestion(walk: Walk, rule: Rule, field: string, condition: Condition): OpenQuestion {
  return { ...ending(walk), type: "open", rule, field, condition };
}
