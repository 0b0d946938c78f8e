import { type Family, parseAddress } from "../net/address.js";
import type { Problem, Span } from "../text/span.js";
import { type Line, marksLength, placeIn, spanIn } from "./line.js";
import { parseNumber } from "./number.js";
import type { Rule, RuleField } from "./rule.js";
import { actionOfDraft, type RuleDraft, ruleKeywords } from "./ruleKeywords.js";
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

function stopped(line: Line, word: Word, message: string): RuleReading {
  return { problem: { place: placeIn(line, word.start, word.end), message } };
}

/**
 * Reads a rule as any `ip rule` prints it: iproute2 3.10 to 7.1, BusyBox, LuCI's table, and with whatever a log, a mail or a
 * remark put around it. Answers `undefined` if the line does not look like a rule. Selectors may stand in any order; a word
 * that is not known ends the rule and makes it incomplete, unless it begins a remark.
 *
 * @param family the family the list belongs to, where the command tells; addresses in the rule are stronger.
 */
export function readRuleLine(line: Line, family: Family = 4): RuleReading | undefined {
  if (!line.text.includes("from ")) return undefined;
  const head = findRuleHead(line.text);
  if (!head) return undefined;
  const words = splitWords(line.text, head.from);
  const source = words[1];
  if (source === undefined || !isSource(source.text)) return undefined;

  const draft: RuleDraft = { not: head.not, incomplete: false };
  const fields: Partial<Record<RuleField, Span>> = {
    priority: spanIn(line, head.start, head.start + head.priority.length),
  };
  if (head.not) fields.not = spanIn(line, head.selector, head.selector + 3);

  let at = 0;
  let rest: Word | undefined;
  let acted = false;
  while (at < words.length) {
    const word = words[at];
    if (!word) break;
    const keyword = ruleKeywords.get(word.text);
    if (!keyword || (at > 0 && keyword.field === "from")) {
      rest ??= word;
      // Behind the action, or behind a remark's first word, nothing more belongs to the rule.
      if (acted || beginsRemark(word.text)) break;
      draft.incomplete = true;
      at++;
      continue;
    }
    if (rest && keyword.field !== "action" && !keyword.hasValue) break;
    const value = words[at + 1];
    const redacted = keyword.hasValue && value !== undefined && isRedacted(value.text);
    const used = redacted ? 2 : keyword.read(draft, words, at);
    if (redacted) draft.incomplete = true;
    if (used === 0) {
      // A tabular line without a colon that does not read well was no rule.
      if (!head.colon) return undefined;
      return stopped(line, value ?? word, unreadableMessage(word, value));
    }
    const last = words[at + used - 1] ?? word;
    const known = fields[keyword.field];
    const span = spanIn(line, word.start, last.end);
    fields[keyword.field] = known && keyword.field === "action" ? { start: known.start, end: span.end } : span;
    if (keyword.field === "action") acted = true;
    at += used;
  }
  return finish(line, head, words, at, draft, fields, rest, acted, family);
}

function unreadableMessage(keyword: Word, value: Word | undefined): string {
  if (!value) return `The rule breaks off behind \`${keyword.text}\`.`;
  return `\`${value.text}\` is no value that \`${keyword.text}\` can have in a rule.`;
}

function finish(
  line: Line,
  head: RuleHead,
  words: readonly Word[],
  at: number,
  draft: RuleDraft,
  fields: Partial<Record<RuleField, Span>>,
  rest: Word | undefined,
  acted: boolean,
  family: Family,
): RuleReading | undefined {
  const priority = parseNumber(head.priority);
  if (priority === undefined) {
    return stopped(
      line,
      { text: head.priority, start: head.start, end: head.start + head.priority.length },
      `\`${head.priority}\` is no priority: they go from 0 to 4294967295.`,
    );
  }
  if (!acted && rest && !beginsRemark(rest.text)) {
    if (!head.colon) return undefined;
    return stopped(line, rest, `\`${rest.text}\` is no part of a rule that is known, and the rule names no action.`);
  }
  if (!acted && !head.colon) return undefined;
  const mixed = draft.from && draft.to && draft.from.family !== draft.to.family ? draft.to : undefined;
  if (mixed) {
    const word = words.find(
      (candidate) => parseAddress(candidate.text.split("/", 1)[0] ?? "")?.family === mixed.family,
    );
    return stopped(
      line,
      word ?? words[0] ?? { text: "", start: head.start, end: head.from },
      "A rule cannot compare an IPv4 and an IPv6 address.",
    );
  }
  const last = rest ? words[Math.max(0, words.indexOf(rest) - 1)] : words[Math.min(at, words.length) - 1];
  const { table: _table, refused: _refused, ...selectors } = draft;
  const remark = rest && beginsRemark(rest.text);
  const restSpan = rest && spanIn(line, rest.start, words.at(-1)?.end ?? rest.end);
  const rule: Rule = {
    ...selectors,
    family: draft.from?.family ?? draft.to?.family ?? family,
    priority,
    action: actionOfDraft(draft),
    incomplete: draft.incomplete || !acted || (rest !== undefined && !remark),
    place: placeIn(line, head.start, last?.end ?? head.from + 4),
    fields,
    ...(restSpan ? { rest: restSpan } : {}),
  };
  return { rule, ...(remark && restSpan ? { remark: restSpan } : {}) };
}
