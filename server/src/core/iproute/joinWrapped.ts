import { joinLines, type Line } from "./line.js";
import { mainTable } from "./names.js";
import { readRouteLine } from "./readRouteLine.js";
import { readRuleLine } from "./readRuleLine.js";
import { routeKeywords } from "./routeKeywords.js";
import { ruleKeywords } from "./ruleKeywords.js";
import { splitWords } from "./word.js";

/** Narrowest terminal that is taken for one. */
const narrowest = 60;

/** Longest text that a rule or route leaves for the next line. */
const longestTail = 200;

/** How a line reads: as a whole rule or route, as a damaged one, or as none. */
function readsAs(line: Line): "whole" | "damaged" | "nothing" {
  const rule = readRuleLine(line);
  if (rule) return "problem" in rule || rule.rule.incomplete || rule.rule.rest ? "damaged" : "whole";
  const route = readRouteLine(line, { family: 4, table: mainTable });
  if (!route) return "nothing";
  return "problem" in route || route.route.incomplete || route.route.rest ? "damaged" : "whole";
}

const noTail = /\d{1,10}[.:/]|[^a-z0-9[]/y;

/** Whether a line that begins at `at` can be told from its first characters to be no second part of another. */
export function beginsNoTail(text: string, at: number): boolean {
  noTail.lastIndex = at;
  return noTail.test(text);
}

/** Whether a line can be the second part of another: a few words of a rule or route, and no beginning of one. */
export function isTail(text: string): boolean {
  if (text.length === 0 || text.length > longestTail || !/^[a-z0-9[][\w.:/@[\] -]*$/.test(text)) return false;
  return !/^(?:default|nexthop)\b|^\d+:|^[0-9a-f]*[.:][0-9a-f.:]*(?:\/\d+)? \w/.test(text);
}

/**
 * Puts a line back together that a terminal wrapped, where it can be told: the two lines read as one whole rule or route, and
 *
 * - the first does not read well alone, or
 * - the second begins with a keyword that the first lacks, or
 * - the first is as long as the longest line, and was cut inside a word.
 *
 * @param second a line that can be the second part of another (`isTail`).
 * @param width the length of the longest line of the text.
 * @returns the whole line, or `undefined`.
 */
export function joinWrapped(first: Line, second: Line, width: () => number): Line | undefined {
  const alone = readsAs(first);
  if (alone === "nothing" || readsAs(second) !== "nothing") return undefined;
  const keyword = splitWords(second.text)[0]?.text ?? "";
  const known = routeKeywords.has(keyword) || ruleKeywords.has(keyword);
  const repeated = splitWords(first.text).some((word) => word.text === keyword);
  if (known && !repeated) {
    const joined = joinLines(first, second, " ");
    if (readsAs(joined) === "whole") return joined;
  }
  const full = first.text.length >= narrowest && (alone === "damaged" || first.text.length === width());
  if (!full) return undefined;
  for (const glue of ["", " "] as const) {
    const joined = joinLines(first, second, glue);
    if (readsAs(joined) === "whole") return joined;
  }
  return undefined;
}
