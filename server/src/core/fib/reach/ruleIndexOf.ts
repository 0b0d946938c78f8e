import { fibOf } from "../fibOf.js";
import { perFamily } from "../perFamily.js";
import { buildRuleIndex, patchRuleIndex } from "./ruleIndex.js";

/** The index of a state's rules, built once, and after an edit made out of that of the earlier state. */
export const ruleIndexOf = perFamily(
  (state, family) => buildRuleIndex(fibOf(state, family).rules ?? [], family),
  (before, change, state, family) => patchRuleIndex(before, fibOf(state, family).rules ?? [], change.rules),
);
