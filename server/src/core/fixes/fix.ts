import type { Decision } from "../fib/decision.js";
import type { Flow } from "../fib/flow.js";
import type { Finding } from "../findings/finding.js";
import type { NodeState } from "../state/nodeState.js";
import type { Change } from "./change.js";

/** A flow with its look-up before and after a change. */
export interface Effect {
  readonly flow: Flow;
  readonly before: Decision;
  readonly after: Decision;
}

/** A flow that changes although it is not what the fix is for. */
export interface SideEffect extends Effect {
  /**
   * `harmful`: the node no longer gets packets for itself, a flow loses its route, or a pod its packets. `neutral`: another way, as good as
   * the old one.
   */
  readonly judgement: "harmful" | "neutral";
}

/**
 * What a fix is for: to give flows another answer, or to take away what no packet meets, so that every flow keeps its answer.
 */
export type Purpose = "repair" | "tidy";

/** What the simulation shows of a fix. */
export interface Proof {
  readonly purpose: Purpose;
  /**
   * A captured packet that went astray where there is one, else an example of what the fix is for. Repaired by it; where the purpose is to
   * tidy up, a flow that the deleted rule asks for, with the same answer before and after.
   */
  readonly main: Effect;
  /** Every other flow it repairs. */
  readonly repairs: readonly Effect[];
  /** One example of each region of flows that changes besides. Empty: nothing else does. */
  readonly sideEffects: readonly SideEffect[];
  /** How many more regions change just like some of these, only by other devices or tables. */
  readonly moreSideEffects: number;
  /** Whether every region of flows was compared; else side effects may be missing. */
  readonly whole: boolean;
}

/** A repair that was simulated. Nothing else is ever offered. */
export interface Fix {
  /** Stable while the files are unchanged. */
  readonly id: string;
  /** The idea of it, a word or two: `narrow`, `throw-route`. One finding's fixes differ in it. */
  readonly kind: string;
  readonly finding: Finding;
  readonly title: string;
  /** In the order of the commands. */
  readonly changes: readonly Change[];
  readonly commands: readonly string[];
  /** What takes it back, in reverse order. */
  readonly undo: readonly string[];
  /** The lasting form for systems that configure the network, by their names. */
  readonly persistent: Readonly<Record<string, string>>;
  readonly proof: Proof;
  /** Why this one, and what to mind, a sentence each. */
  readonly notes: readonly string[];
  /** The node with the fix applied. */
  readonly state: NodeState;
}
