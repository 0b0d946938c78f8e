import { answer6 } from "./answer6.js";
import type { Fib } from "./compileFib.js";
import { answerInput4 } from "./inputAnswer4.js";
import { answerOutput4 } from "./outputAnswer4.js";
import type { RouteAnswer } from "./routeAnswer.js";
import type { RouteQuery } from "./routeQuery.js";

/**
 * Answers a question as `ip route get` does: the look-up, and what the kernel does before and after it. A question leaves nothing
 * open, so the answer does not branch. `fib` must be of the question's family.
 */
export function routeGet(fib: Fib, query: RouteQuery): RouteAnswer {
  if (fib.family === 6) return answer6(fib, query);
  return query.iif === undefined ? answerOutput4(fib, query) : answerInput4(fib, query, query.iif);
}
