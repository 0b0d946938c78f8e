import type { Place } from "../text/span.js";
import type { HubbleDetails, LostEvent } from "./event.js";

/**
 * Losses as `hubble observe` prints them: `CPU(3) 12` in compact lines, `CPU(3) - 12` in tables and dictionaries, with the times of the
 * first and last loss in parentheses where they are known. `source` is the queue that overran.
 */
export function eventOfLosses(
  source: string,
  summary: string,
  base: { readonly place: Place; readonly hubble: HubbleDetails },
): LostEvent | undefined {
  const [, cpu, count] = /^CPU\((\d{1,5})\) (?:- )?(\d{1,15})(?: \(|$)/.exec(summary) ?? [];
  return count === undefined ? undefined : { type: "lost", ...base, source, cpu: Number(cpu), count: Number(count) };
}
