import type { Family } from "../net/address.js";
import type { Problem, Span } from "../text/span.js";
import { type Line, marksLength, placeIn, spanIn } from "./line.js";
import { parseNumber } from "./number.js";
import type { Rule } from "./rule.js";
import { type RuleDraft, ruleKeywords, ruleOfDraft } from "./ruleKeywords.js";
import { beginsRemark, isBlank, isRedacted, splitWords, type Word } from "./word.js";

/** A rule read from a line, or why it could not be read. */
export type RuleReading = { readonly rule: Rule; readonly remark?: Span } | { readonly problem: Problem };

/** Where a rule begins in a line's text. */
interface RuleHead {
  /** Of the priority. */
  readonly start: number;
  readonly priority: string;
  readonly not: boolean;
  /** Of the word `not`, or of `from`. */
  readonly selector: number;
  readonly from: number;
  /** Whether a colon stands behind the priority. LuCI prints none. */
  readonly colon: boolean;
}

/** Steps back over blanks, literal `\t` included. */
function backOverBlanks(text: string, end: number): number {
  let at = end;
  while (at > 0) {
    if (isBlank(text.charCodeAt(at - 1))) at--;
    else if (at > 1 && text[at - 1] === "t" && text[at - 2] === "\\") at -= 2;
    else break;
  }
  return at;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

/** Reads backwards from `from`: `PRIORITY[:] [not] from`. */
function headBefore(text: string, from: number): RuleHead | undefined {
  let end = backOverBlanks(text, from);
  let selector = from;
  const not = text.slice(Math.max(0, end - 3), end) === "not" && end < from;
  if (not) {
    selector = end - 3;
    end = backOverBlanks(text, selector);
  }
  const colon = text[end - 1] === ":";
  if (colon) end--;
  let start = end;
  while (start > 0 && end - start < 11 && isDigit(text.charCodeAt(start - 1))) start--;
  if (start === end || (start > 0 && /[\w.:/-]/.test(text[start - 1] ?? ""))) return undefined;
  if (!colon && end === selector) return undefined;
  return { start, priority: text.slice(start, end), not, selector, from, colon };
}

/** Finds the first `PRIORITY: from` of a line. One without a colon counts only at the line's beginning. */
function findRuleHead(text: string): RuleHead | undefined {
  const marks = marksLength(text);
  for (let from = text.indexOf("from "); from >= 0; from = text.indexOf("from ", from + 5)) {
    const head = headBefore(text, from);
    if (head && (head.colon || head.start === marks)) return head;
  }
  return undefined;
}

/** Whether a word can stand behind `from` in a rule. Prose (`3: from the start`) has other words there. */
function isSource(word: string): boolean {
  // `a` and `al` are left of `all` where a paste was cut.
  return (
    "all".startsWith(word) ||
    isRedacted(word) ||
    /^[0-9a-fA-F]*[.:/][0-9a-fA-F.:/]*$/.test(word) ||
    /^\d+\.\d+\./.test(word)
  );
}

function stopped(line: Line, start: number, end: number, message: string): RuleReading {
  return { problem: { place: placeIn(line, start, end), message } };
}

/** How far the words of a rule were read. */
interface Progress {
  readonly draft: RuleDraft;
  /** Index of the last word that belongs to the rule. */
  last: number;
  /** Index of the first word that is not known. */
  rest?: number;
  acted: boolean;
  /** The keyword whose value cannot be read. */
  stop?: Word;
}

function readWords(words: readonly Word[], progress: Progress): void {
  const { draft } = progress;
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    const keyword = word && ruleKeywords.get(word.text);
    // A number is an action under `ip -N`; behind a word that is not known it may be that word's value.
    const foreign = progress.rest !== undefined && /^\d/.test(word?.text ?? "");
    if (!word || !keyword || foreign || (at > 0 && keyword.field === "from")) {
      progress.rest ??= at;
      // Behind the action, or behind the first word of a remark, nothing more belongs to the rule.
      if (!word || progress.acted || beginsRemark(word.text)) return;
      at++;
      continue;
    }
    const value = words[at + 1];
    let used = keyword.read(draft, words, at);
    if (keyword.hasValue && value && isRedacted(value.text)) {
      draft.incomplete = true;
      used = 2;
    }
    if (used === 0) {
      progress.stop = word;
      return;
    }
    progress.last = at + used - 1;
    progress.acted ||= keyword.field === "action";
    at += used;
  }
}

/** The problem of a rule that begins well and cannot be read; `undefined` if it can. */
function problemOf(line: Line, head: RuleHead, words: readonly Word[], progress: Progress): RuleReading | undefined {
  const { stop, rest, acted, draft } = progress;
  if (parseNumber(head.priority) === undefined) {
    const message = `\`${head.priority}\` is no priority: they go from 0 to 4294967295.`;
    return stopped(line, head.start, head.start + head.priority.length, message);
  }
  if (stop) {
    const value = words[words.indexOf(stop) + 1];
    if (!value) return stopped(line, stop.start, stop.end, `The rule breaks off behind \`${stop.text}\`.`);
    return stopped(
      line,
      value.start,
      value.end,
      `\`${value.text}\` is no value that \`${stop.text}\` can have in a rule.`,
    );
  }
  const unknown = rest === undefined ? undefined : words[rest];
  if (!acted && unknown && !beginsRemark(unknown.text)) {
    const message = `\`${unknown.text}\` is no part of a rule that is known, and the rule names no action.`;
    return stopped(line, unknown.start, unknown.end, message);
  }
  if (draft.from && draft.to && draft.from.family !== draft.to.family) {
    const to = words[words.findIndex((word) => word.text === "to") + 1] ?? words[0];
    return stopped(
      line,
      to?.start ?? head.from,
      to?.end ?? head.from,
      "A rule cannot compare an IPv4 and an IPv6 address.",
    );
  }
  return undefined;
}

/**
 * Reads a rule as any `ip rule` prints it: iproute2 3.10 to 7.1, BusyBox, LuCI's table, and with whatever a log, a mail or a
 * remark put around it. Answers `undefined` if the line does not look like a rule. Selectors may stand in any order. Words
 * that are not known make the rule incomplete, unless they are a remark behind it.
 *
 * @param family the family of the list, where the command tells; addresses in the rule are stronger.
 */
export function readRuleLine(line: Line, family: Family = 4): RuleReading | undefined {
  const head = line.text.includes("from ") ? findRuleHead(line.text) : undefined;
  if (!head) return undefined;
  const words = splitWords(line.text, head.from);
  if (!isSource(words[1]?.text ?? "")) return undefined;
  const draft: RuleDraft = { not: head.not, incomplete: false };
  const progress: Progress = { draft, last: 0, acted: false };
  readWords(words, progress);
  const problem = problemOf(line, head, words, progress);
  // Without a colon it is a rule only if all of it is; it may be a sentence that begins with a number.
  if (problem || (!progress.acted && !head.colon)) return head.colon ? problem : undefined;

  const place = placeIn(line, head.start, words[progress.last]?.end ?? head.from);
  const rule = ruleOfDraft(draft, family, parseNumber(head.priority) ?? 0, place);
  const unknown = progress.rest === undefined ? undefined : words[progress.rest];
  if (!progress.acted) rule.incomplete = true;
  if (!unknown) return { rule };
  rule.rest = spanIn(line, unknown.start, words.at(-1)?.end ?? unknown.end);
  if (beginsRemark(unknown.text)) return { rule, remark: rule.rest };
  rule.incomplete = true;
  return { rule };
}
