import { sameButPlaces } from "../text/sameButPlaces.js";
import type { Span } from "../text/span.js";
import { laidOut } from "./laidOut.js";
import { fitsFrame, frameOf, type LineFrame } from "./lineFrame.js";
import { tableOf } from "./names.js";
import { prefixAt } from "./prefixAt.js";
import type { Rule, TableRef } from "./rule.js";
import { isPlainName, splitWords } from "./word.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What of a rule a word is that other rules of its list have otherwise. */
type Gap = "priority" | "from" | "to" | "iif" | "oif" | "table";

/** A rule that was read once, as the template of others: all that their lines do not have in its gaps is the same. */
interface RuleTemplate {
  readonly rule: Rule;
  readonly frame: LineFrame;
  readonly gaps: readonly Gap[];
  /** How many characters stand behind the rule on its line: blanks, which are no part of it. */
  readonly behind: number;
}

/** Lists of thousands of rules have few kinds of them. */
export interface RuleTemplates {
  /** The one that fitted last is first. */
  readonly list: RuleTemplate[];
  readonly tables: Map<string, TableRef>;
}

/** Templates that are kept of one list; more kinds of rules would not be found sooner than they are read. */
const mostTemplates = 8;

/** Longest line that is compared. */
const longestLine = 400;

export function noRuleTemplates(): RuleTemplates {
  return { list: [], tables: new Map() };
}

/**
 * Remembers the rule of a line as a template. Only a whole and plain rule can be one: nothing stands before it or, but for blanks, behind
 * it, and another program's words are as they are.
 */
export function rememberRule(templates: RuleTemplates, line: string, rule: Rule): void {
  if (templates.list.length >= mostTemplates || line.length > longestLine || rule.rest || rule.incomplete) return;
  // The backslash and what is not ASCII separate words in ways of their own.
  if (!/^\d+:[\t ][\t -[\]-~]*$/.test(line)) return;
  const found = gapsOf(line, rule);
  const template: RuleTemplate = {
    rule: laidOut(rule),
    frame: frameOf(
      line,
      found.map(({ span }) => span),
    ),
    gaps: found.map(({ gap }) => gap),
    behind: line.length - (rule.place.end - rule.place.start),
  };
  const again = ruleOfTemplate(template, templates.tables, rule.place.file, line, 0, line.length);
  if (again && sameButPlaces(again, rule)) templates.list.unshift(template);
}

/** The words of a line that other lines may have otherwise: its numbers, addresses, devices and tables, not its keywords. */
function gapsOf(line: string, rule: Rule): { readonly gap: Gap; readonly span: Span }[] {
  const words = splitWords(line);
  const found: { gap: Gap; span: Span }[] = [{ gap: "priority", span: { start: 0, end: line.indexOf(":") } }];
  for (let at = 1; at + 1 < words.length; at++) {
    const keyword = words[at]?.text;
    const value = words[at + 1];
    const gap = keyword === "lookup" ? "table" : keyword;
    const isGap =
      ((gap === "from" || gap === "to" || gap === "iif" || gap === "oif") && rule[gap] !== undefined) ||
      (gap === "table" && rule.action.type === "lookup");
    if (!isGap || !value) continue;
    found.push({ gap, span: value });
    at++;
  }
  return found;
}

/** The rule in the line of `text` from `start` to `end`, if it is like one that was read before. */
export function similarRule(
  { list, tables }: RuleTemplates,
  file: string,
  text: string,
  start: number,
  end: number,
): Rule | undefined {
  if (end - start > longestLine) return undefined;
  for (let at = 0; at < list.length; at++) {
    const template = list[at] as RuleTemplate;
    const rule = ruleOfTemplate(template, tables, file, text, start, end);
    if (!rule) continue;
    if (at > 0) list.unshift(...list.splice(at, 1));
    return rule;
  }
  return undefined;
}

/** Where the words of the line at hand stand; written anew for each line. */
const found: number[] = [];

function ruleOfTemplate(
  template: RuleTemplate,
  tables: Map<string, TableRef>,
  file: string,
  text: string,
  start: number,
  end: number,
): Rule | undefined {
  const { frame, gaps, behind } = template;
  let colon = start;
  let priority = 0;
  for (; colon - start < 10; colon++) {
    const digit = text.charCodeAt(colon) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    priority = priority * 10 + digit;
  }
  if (colon === start || priority > 0xffffffff || !fitsFrame(frame, text, start, colon, end, found)) return undefined;
  const rule: Mutable<Rule> = { ...template.rule, priority, place: { file, start, end: end - behind } };
  let table: TableRef | undefined;
  for (let at = 1; at < gaps.length; at++) {
    const gap = gaps[at];
    const from = found[2 * at] as number;
    const to = found[2 * at + 1] as number;
    if (gap === "from" || gap === "to") {
      const prefix = prefixAt(text, from, to);
      if (prefix?.family !== rule.family) return undefined;
      rule[gap] = prefix;
    } else if (gap === "table") {
      table = tableAt(tables, text.slice(from, to));
      if (!table) return undefined;
    } else if (gap === "iif" || gap === "oif") {
      const name = text.slice(from, to);
      if (!isPlainName(name)) return undefined;
      rule[gap] = { name, detached: template.rule[gap]?.detached === true };
    }
  }
  // Each rule has an action of its own, which tells it from others that are the same (perRule).
  rule.action = table ? { type: "lookup", table } : { ...rule.action };
  return rule;
}

/** The table of a plain word. `unspec` says something else, and a full stop may end a sentence. */
function tableAt(tables: Map<string, TableRef>, word: string): TableRef | undefined {
  const known = tables.get(word);
  if (known || word === "unspec" || !isPlainName(word) || /[.]$/.test(word)) return known;
  const table = tableOf(word);
  if (table) tables.set(word, table);
  return table;
}
