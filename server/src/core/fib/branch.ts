import type { Fib } from "./compileFib.js";
import type { Decision } from "./decision.js";
import { ruleCommand } from "./evidence.js";
import type { Flow } from "./flow.js";
import { assume, noPremises, type Premises } from "./openField.js";
import { walkRules } from "./walk.js";
import type { OpenQuestion } from "./walkState.js";

/** More branches than this nobody reads; the answer is then missing evidence. */
const branchLimit = 256;

/** How many more times one look-up may branch. */
interface Budget {
  branches: number;
}

/**
 * Walks the rules, and where a rule asks for a field that the flow leaves open, walks them once for each answer. What was assumed
 * on the way holds for the rest of that side. `watch` fills `considered`.
 */
export function walkBranches(fib: Fib, flow: Flow, watch: boolean): Decision {
  return resolve(fib, flow, noPremises, watch, { branches: branchLimit });
}

function resolve(fib: Fib, flow: Flow, premises: Premises, watch: boolean, budget: Budget): Decision {
  const answer = walkRules(fib, flow, premises, watch ? [] : undefined);
  if (answer.type !== "open") return answer;
  if (budget.branches-- <= 0) return tooManyBranches(fib, flow, answer);
  const { rule, field, condition, considered, assumptions } = answer;
  const side = (holds: boolean) => resolve(fib, flow, assume(condition, holds, premises), watch, budget);
  // The side that goes on to later rules comes first, so that the branches of the other don't starve it.
  const ifNot = side(false);
  const ifMet = side(true);
  return { type: "branch", flow, rule, field, condition: condition.words, considered, assumptions, ifMet, ifNot };
}

function tooManyBranches(fib: Fib, flow: Flow, { considered, assumptions, field, rule }: OpenQuestion): Decision {
  const missing = `The answer depends on too many open fields; ${field} is the next one.`;
  return { type: "missing", flow, considered, assumptions, missing, command: ruleCommand(fib), rule };
}
