import type { Decision } from "../fib/decision.js";
import type { Flow } from "../fib/flow.js";
import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";
import type { Change } from "./change.js";
import type { Effect, Purpose } from "./fix.js";

/** An idea for a repair, before it is simulated. */
export interface Candidate {
  /** A word or two, see `Fix.kind`. */
  readonly kind: string;
  readonly title: string;
  readonly changes: readonly Change[];
  /** Whole sentences: why this one, and what to mind. */
  readonly notes: readonly string[];
}

/** A question whose answer says whether a candidate does what it is for. */
export interface Target {
  readonly flow: Flow;
  readonly ask: (state: NodeState) => Decision;
  /** Whether an answer of the changed node is the one that is wanted. */
  readonly isRepaired: (after: Decision) => boolean;
}

/** What a finding's candidates must do, and by what the rest of their effects is judged. */
export interface Goal {
  readonly purpose: Purpose;
  /** The most telling first; none of them may fail. */
  readonly targets: readonly Target[];
  /** The node without the fault: what it answers is what a flow is for. */
  readonly natural: NodeState;
  /**
   * What `isWanted` asks of rules and routes by themselves. Besides, it may ask whether answers are the same, and of what type: flows of
   * which all that is the same are looked at together.
   */
  readonly asksFor?: {
    readonly rule?: (rule: Rule) => boolean;
    readonly route?: (route: Route) => boolean;
  };
  /** Whether a change of answers is what the candidates are for. `natural` is the answer of the node without the fault. */
  readonly isWanted: (effect: Effect, natural: Decision) => boolean;
}
