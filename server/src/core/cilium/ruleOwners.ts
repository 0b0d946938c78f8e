import type { Rule } from "../iproute/rule.js";
import { familyBits } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Prefix } from "../net/prefix.js";
import type { Ownership } from "./owners.js";
import { type RulePattern, rulePatterns } from "./rulePatterns.js";

/** What `ruleOwner` looks at. */
export type OwnedRule = Pick<
  Rule,
  "family" | "priority" | "not" | "from" | "to" | "fwmark" | "iif" | "l3mdev" | "action" | "suppressPrefixLength"
>;

/**
 * Who installs such a rule. Judged by priority, selectors and table; `undefined` where these are nobody's in particular.
 * Rules are data that anyone can write, so only the whole combination counts as certain.
 */
export function ruleOwner(rule: OwnedRule): Ownership | undefined {
  if (owners.has(rule)) return owners.get(rule);
  const found = rulePatterns.find((pattern) => fits(pattern, rule));
  const owner = found && ownershipOf(found);
  owners.set(rule, owner);
  return owner;
}

/** Answers given before: several findings ask about every rule. */
const owners = new WeakMap<OwnedRule, Ownership | undefined>();

function ownershipOf({ owner, purpose, confidence, source, takesAll }: RulePattern): Ownership {
  return { owner, purpose, confidence, source, ...(takesAll && { takesAll }) };
}

function fits(pattern: RulePattern, rule: OwnedRule): boolean {
  const { priority = [0, 0xffffffff] } = pattern;
  return (
    priority[0] <= rule.priority &&
    rule.priority <= priority[1] &&
    (pattern.not ?? false) === rule.not &&
    fitsDevice(pattern.iif, rule.iif?.name) &&
    (pattern.l3mdev ?? false) === (rule.l3mdev ?? false) &&
    fitsPrefix(pattern.from, rule.from) &&
    fitsPrefix(pattern.to, rule.to) &&
    fitsMark(pattern.fwmark, rule.fwmark) &&
    (pattern.l3mdev || fitsAction(pattern.table, rule.action)) &&
    fitsNumber(pattern.tableIs, rule) &&
    pattern.suppress === rule.suppressPrefixLength
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
function fitsNumber(wanted: RulePattern["tableIs"], { action, priority, fwmark }: OwnedRule): boolean {
  if (wanted === undefined) return true;
  const id = action.type === "lookup" ? action.table.id : undefined;
  return id !== undefined && id === (wanted === "priority" ? priority : fwmark?.value);
}

function fitsAction(wanted: RulePattern["table"], action: OwnedRule["action"]): boolean {
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
