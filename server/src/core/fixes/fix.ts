import type { Decision } from "../fib/decision.js";
import type { Flow } from "../fib/flow.js";
import type { Finding } from "../findings/finding.js";
import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";

/** A flow with its look-up before and after a change. */
export interface Effect {
  readonly flow: Flow;
  readonly before: Decision;
  readonly after: Decision;
}

/** A flow that changes although it is not what the fix is for. */
export interface SideEffect extends Effect {
  /** `harmful`: the node no longer gets packets for itself, or a flow loses its route. `neutral`: another way, as good as the old one. */
  readonly judgement: "harmful" | "neutral";
}

/** What the simulation shows of a fix. */
export interface Proof {
  /** A captured packet that went astray where there is one, else an example of what the rule takes away. Repaired by the fix. */
  readonly main: Effect;
  /** Every other flow it repairs. */
  readonly repairs: readonly Effect[];
  /** One example of each region of flows that changes besides. Empty: nothing else does. */
  readonly sideEffects: readonly SideEffect[];
}

/** A repair that was simulated. Nothing else is ever offered. */
export interface Fix {
  /** Stable while the files are unchanged. */
  readonly id: string;
  readonly finding: Finding;
  readonly title: string;
  /** Rules to add, in the order of the commands. */
  readonly rules: readonly Rule[];
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
