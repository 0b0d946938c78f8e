import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import type { Table } from "../state/nodeState.js";
import { addressKey, unspecifiedKey } from "./addressKey.js";
import type { Fib } from "./compileFib.js";
import type {
  Assumption,
  Considered,
  ErrorDecision,
  LookupError,
  MissingDecision,
  RouteDecision,
  RuleVerdict,
} from "./decision.js";
import type { Flow } from "./flow.js";
import type { Condition, Premises } from "./openField.js";
import type { ComparedFlow } from "./selector.js";

/** One walk under way. */
export interface Walk extends ComparedFlow {
  readonly fib: Fib;
  /** The device that nexthops must have. A VRF as `oif` chooses the table instead (l3mdev_update_flow). */
  readonly oif: string | null;
  /** Receives every rule the walk comes by; undefined on the fast path. */
  readonly considered: Considered[] | undefined;
  /** Made when the first one comes up, which on most walks never happens. */
  assumptions: Assumption[] | undefined;
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
  return {
    fib,
    flow,
    dst: addressKey(flow.dst),
    src: flow.src ? addressKey(flow.src) : unspecifiedKey,
    premises,
    vrf: flow.vrf ?? (device === undefined ? undefined : vrfs.of(device)),
    oif: flow.oif !== null && vrfs.isVrf(flow.oif) ? null : flow.oif,
    considered,
    assumptions: undefined,
  };
}

/** Notes what a rule did, if anybody wants to know. */
export function note(walk: Walk, rule: Rule, verdict: RuleVerdict): void {
  walk.considered?.push({ rule, verdict });
}

/** Rests the answer on a fact that no dump shows. */
export function assume(walk: Walk, text: string, command?: string): void {
  walk.assumptions ??= [];
  if (walk.assumptions.some((known) => known.text === text)) return;
  walk.assumptions.push(command === undefined ? { text } : { text, command });
}

const none: readonly never[] = [];

// The ends of a walk are written out field by field: they are made for every look-up, and spreading costs more than the look-up.

/** The walk found a route. */
export function routeFound(
  walk: Walk,
  rule: Rule,
  table: Table,
  route: Route,
  nexthops: readonly number[],
): RouteDecision {
  const { flow, considered = none, assumptions = none } = walk;
  return { type: "route", flow, considered, assumptions, rule, table, route, nexthops };
}

/** The walk came to an error, by a rule or a route or by itself. */
export function failure(walk: Walk, error: LookupError, rule?: Rule, route?: Route): ErrorDecision {
  const { flow, considered = none, assumptions = none } = walk;
  return { type: "error", flow, considered, assumptions, error, ...(rule && { rule }), ...(route && { route }) };
}

/** The walk cannot go on without what was not dumped. */
export function missingEvidence(walk: Walk, evidence: MissingEvidence, rule?: Rule): MissingDecision {
  const { flow, considered = none, assumptions = none } = walk;
  return { ...evidence, flow, considered, assumptions, ...(rule && { rule }) };
}

/** The walk cannot go on before the condition is decided. */
export function openQuestion(walk: Walk, rule: Rule, field: string, condition: Condition): OpenQuestion {
  const { considered = none, assumptions = none } = walk;
  return { type: "open", considered, assumptions, rule, field, condition };
}
