import { walkBranches } from "./branch.js";
import type { Fib } from "./compileFib.js";
import type { Decision } from "./decision.js";
import type { Flow } from "./flow.js";

/** The same decision as `lookup`, by the same walk, with `considered` left empty: for asking often. */
export function decide(fib: Fib, flow: Flow): Decision {
  return walkBranches(fib, flow, false);
}
