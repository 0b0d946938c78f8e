import { walkBranches } from "./branch.js";
import type { Fib } from "./compileFib.js";
import type { Decision } from "./decision.js";
import type { Flow } from "./flow.js";

/**
 * Looks a flow up as the kernel does, with every rule the walk came by. Total: where the dumps lack what the kernel would have
 * looked at, the answer names it; where the flow leaves a field open that some rule compares, the answer branches.
 */
export function lookup(fib: Fib, flow: Flow): Decision {
  return walkBranches(fib, flow, true);
}
