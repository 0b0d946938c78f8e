import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import type { Table } from "../state/nodeState.js";
import type { Flow } from "./flow.js";

/** Why a look-up failed, by the kernel's errno and by what caused it. */
export type LookupError =
  /** ENETUNREACH: no rule led to a route, or a rule's action is `unreachable`. */
  | "no-route"
  /** EHOSTUNREACH: a route of type unreachable. */
  | "unreachable"
  /** EACCES: rule or route `prohibit`. */
  | "prohibit"
  /** EINVAL: rule or route `blackhole`, or an action the kernel does not know. */
  | "blackhole"
  /** The source address is not one the kernel accepts here (local output, RFC 1122; or source validation on input). */
  | "invalid-source";

/** What one rule did to the flow. */
export type RuleVerdict =
  /** A selector did not match; `field` names the first that did not. */
  | { readonly type: "not-matched"; readonly field: string }
  /** Jumped over by a `goto`. */
  | { readonly type: "jumped-over" }
  /** Matched, but its table had no route for the destination (or a `throw` route, or does not exist): the walk went on. */
  | {
      readonly type: "fell-through";
      readonly why: "no-match" | "throw" | "table-empty" | "nop";
      readonly route?: Route;
    }
  /** Matched and found `route`, which the rule's suppressor dropped. */
  | { readonly type: "suppressed"; readonly route: Route }
  | { readonly type: "goto"; readonly target: number }
  | { readonly type: "goto-unresolved" }
  /** Ended the walk. */
  | { readonly type: "decided" }
  /** The walk could not go on here. */
  | { readonly type: "undecided"; readonly why: string };

/** A rule the walk came by, in order, with what it did and in words why. */
export interface Considered {
  readonly rule: Rule;
  readonly verdict: RuleVerdict;
}

/** A fact the answer rests on that no dump shows. */
export interface Assumption {
  /** A clause that completes "provided that ...". */
  readonly text: string;
  /** What to run to know. */
  readonly command?: string;
}

interface DecisionBase {
  readonly flow: Flow;
  readonly considered: readonly Considered[];
  readonly assumptions: readonly Assumption[];
}

/** A route was found. */
export interface RouteDecision extends DecisionBase {
  readonly type: "route";
  readonly rule: Rule;
  readonly table: Table;
  readonly route: Route;
  /** Indices into `route.nexthops` the kernel may use; more than one where a flow hash we cannot know chooses. */
  readonly nexthops: readonly number[];
}

export interface ErrorDecision extends DecisionBase {
  readonly type: "error";
  readonly error: LookupError;
  /** The rule and route that answered so, where one did. */
  readonly rule?: Rule;
  readonly route?: Route;
}

/** The dumps do not hold what the kernel would have looked at. */
export interface MissingDecision extends DecisionBase {
  readonly type: "missing";
  /** A sentence, e.g. "Table 2004 was not dumped." */
  readonly missing: string;
  readonly command?: string;
  readonly rule?: Rule;
}

/** A selector compares a field the flow leaves open: the answer depends on it. */
export interface BranchDecision extends DecisionBase {
  readonly type: "branch";
  readonly rule: Rule;
  readonly field: string;
  /** e.g. `fwmark & 0xf00 = 0x200`. */
  readonly condition: string;
  /** The answer where the condition holds ... (not named `then`: that would make it a thenable) */
  readonly ifMet: Decision;
  /** ... and where it does not. */
  readonly ifNot: Decision;
}

/** The answer of a look-up. Total: whatever the dumps hold, one of these comes back. */
export type Decision = RouteDecision | ErrorDecision | MissingDecision | BranchDecision;
