import { compileFib } from "./compileFib.js";
import { perFamily } from "./perFamily.js";

/**
 * The compiled look-ups of a state. States are values that never change, so each is compiled once and forgotten with the state; what stood
 * in the earlier state already is taken over.
 */
export const fibOf = perFamily(
  (state, family) => compileFib(state, family),
  (before, change, state, family) => compileFib(state, family, { earlier: { fib: before, change } }),
);
