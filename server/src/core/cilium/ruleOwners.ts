import type { Rule } from "../iproute/rule.js";
import { familyBits } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Prefix } from "../net/prefix.js";
import type { Ownership } from "./owners.js";
import { type RulePattern, rulePatterns } from "./rulePatterns.js";

/**
 * Who installs such a rule. Judged by priority, selectors and table; `undefined` where these are nobody's in particular.
 * Rules are data that anyone can write, so only the whole combination counts as certain.
 */
export function ruleOwner(rule: Rule): Ownership | undefined {
  return patternsAt(rule.priority).find(({ pattern }) => fits(pattern, rule))?.ownership;
}

interface Candidate {
  readonly pattern: RulePattern;
  readonly ownership: Ownership;
}

/** The patterns that rules of some priorities may fit, from the first of these on, up to where the next ones begin. */
interface Stretch {
  readonly first: number;
  readonly candidates: readonly Candidate[];
}

/** Few patterns are about any one priority, and every rule of every list is asked about. */
const stretches: readonly Stretch[] = stretchesOf(
  rulePatterns.map((pattern): Candidate => {
    const { owner, purpose, confidence, source, takesAll } = pattern;
    return { pattern, ownership: { owner, purpose, confidence, source, ...(takesAll && { takesAll }) } };
  }),
);

function stretchesOf(all: readonly Candidate[]): Stretch[] {
  const ends = all.flatMap(({ pattern: { priority } }) => (priority ? [priority[0], priority[1] + 1] : []));
  return [...new Set([0, ...ends])]
    .sort((a, b) => a - b)
    .map((first) => ({
      first,
      candidates: all.filter(
        ({ pattern: { priority } }) => !priority || (priority[0] <= first && first <= priority[1]),
      ),
    }));
}

function patternsAt(priority: number): readonly Candidate[] {
  let low = 0;
  let high = stretches.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.first ?? 0) <= priority) low = middle;
    else high = middle;
  }
  return stretches[low]?.candidates ?? [];
}

/** Whether all but the priority fits. */
function fits(pattern: RulePattern, rule: Rule): boolean {
  return (
    (pattern.not ?? false) === rule.not &&
    pattern.suppress === rule.suppressPrefixLength &&
    fitsPrefix(pattern.from, rule.from) &&
    fitsPrefix(pattern.to, rule.to) &&
    fitsMark(pattern.fwmark, rule.fwmark) &&
    fitsDevice(pattern.iif, rule.iif?.name) &&
    (pattern.l3mdev ?? false) === (rule.l3mdev ?? false) &&
    (pattern.l3mdev || fitsAction(pattern.table, rule.action)) &&
    fitsNumber(pattern.tableIs, rule)
  );
}

function fitsPrefix(wanted: RulePattern["to"], prefix: Prefix | undefined): boolean {
  if (wanted === "optional") return true;
  const given = prefix !== undefined && prefix.length > 0;
  if (wanted === "host") return given && prefix.length === familyBits(prefix.family);
  return given === (wanted === "some");
}

function fitsMark(wanted: RulePattern["fwmark"], fwmark: MaskedValue | undefined): boolean {
  if (wanted === undefined || fwmark === undefined) return wanted === fwmark;
  if (wanted === "some") return true;
  return wanted.mask === fwmark.mask && (!("value" in wanted) || wanted.value === fwmark.value);
}

function fitsDevice(wanted: RulePattern["iif"], name: string | undefined): boolean {
  if (wanted === undefined || name === undefined) return wanted === name;
  return wanted === true || wanted.test(name);
}

/** Whether the table has the number that it takes from the rule. */
function fitsNumber(wanted: RulePattern["tableIs"], { action, priority, fwmark }: Rule): boolean {
  if (wanted === undefined) return true;
  const id = action.type === "lookup" ? action.table.id : undefined;
  return id !== undefined && id === (wanted === "priority" ? priority : fwmark?.value);
}

function fitsAction(wanted: RulePattern["table"], action: Rule["action"]): boolean {
  if (wanted === undefined) return true;
  if (wanted === "unreachable" || wanted === "blackhole") return action.type === wanted;
  if (action.type !== "lookup") return false;
  const { id } = action.table;
  if (id === undefined) return typeof wanted === "object";
  if (typeof wanted === "number") return id === wanted;
  return id >= wanted.atLeast && id <= (wanted.atMost ?? id) && !(id >= 253 && id <= 255);
}

/** An owner of more numbers than this uses them when its rules are there; others need not shun them all. */
const widestClaim = 20;

/** The kernel gives these downwards from 32765 to whoever names none (net/core/fib_rules.c: fib_default_rule_pref): they are nobody's. */
const automatic = { first: 32_700, last: 32_765 } as const;

/** Who is known to put rules at this very priority; `undefined` where it is nobody's. A rule put there may be taken for one of theirs. */
export function priorityOwner(priority: number): string | undefined {
  if (automatic.first <= priority && priority <= automatic.last) return undefined;
  return rulePatterns.find(
    ({ priority: range }) => range && range[0] <= priority && priority <= range[1] && range[1] - range[0] < widestClaim,
  )?.owner;
}
