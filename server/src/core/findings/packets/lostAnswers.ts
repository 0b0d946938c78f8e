import { exampleWithin } from "../../fib/addressClasses.js";
import type { CompiledTable } from "../../fib/compiledTable.js";
import type { CompiledRule, Fib } from "../../fib/compileFib.js";
import type { Decision } from "../../fib/decision.js";
import { findTable } from "../../fib/evidence.js";
import { fibOf } from "../../fib/fibOf.js";
import type { Flow } from "../../fib/flow.js";
import { mayShareFlows } from "../../fib/reach/askedPackets.js";
import { answerOf, decideBy } from "../../fib/reach/decideBy.js";
import { flowOrigins } from "../../fib/reach/flowOrigins.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import { type RuleReach, unnamedDevice } from "../../fib/reach/ruleReach.js";
import { destinationsOf, type TellingDestinations, tellingDestinations } from "../../fib/reach/tellingDestinations.js";
import { sameOutcome } from "../../fib/sameOutcome.js";
import type { Rule } from "../../iproute/rule.js";
import type { Address } from "../../net/address.js";
import { addressKind } from "../../net/addressKind.js";
import { type NodeState, reservedTables } from "../../state/nodeState.js";

/** One packet, what becomes of it, and what the rule would do with it. */
export interface LostAnswer {
  readonly flow: Flow;
  readonly actual: Decision;
  readonly wanted: Decision;
}

/** What an unreachable rule would do, were it asked. */
export interface LostAnswers {
  /** A packet that it would treat otherwise; undefined where none of those tried is. */
  readonly different: LostAnswer | undefined;
  /** Whether it would do anything with any of them. */
  readonly any: boolean;
  /** The packets that were tried. */
  readonly tried: readonly Flow[];
  /** The tables whose routes gave packets to try; undefined where the packets of the reach were enough. */
  readonly tables: ReadonlySet<number | undefined> | undefined;
}

/** More of the reach's packets than this are not tried: a difference shows in the first few. */
const reachLimit = 32;

/** More packets than this are not tried for a rule behind few others, and one behind many: there may be thousands of those. */
const tryLimits = { few: 512, many: 64 };

/** Behind so many rules, all of them are compared; behind more, only those that are known to decide. */
export const fewRules = 64;

/** More rules than this do not tell packets apart: each may double their kinds. */
const distinctionLimit = 8;

/**
 * Compares what becomes of the packets of an unreachable rule with what the rule would do: of those that show why it is unreachable, and
 * then of one to each kind of destination that its table and those of earlier rules answer differently, with each source, fwmark and the
 * like that these tell apart.
 */
export function lostAnswers(state: NodeState, rule: Rule, reach: RuleReach & { type: "unreachable" }): LostAnswers {
  const fib = fibOf(state, rule.family);
  const index = ruleIndexOf(state, rule.family);
  const positions = positionsOf(fib.rules ?? []);
  const at = positions.get(rule) ?? -1;
  const tried: Flow[] = [];
  let any = false;
  const isDifferent = (flow: Flow): LostAnswer | undefined => {
    tried.push(flow);
    const wanted = answerOf(fib, at, flow);
    any ||= wanted !== undefined;
    if (!wanted || wanted.type === "missing") return undefined;
    const actual = decideBy(fib, index, flow);
    if (actual.type === "missing" || sameOutcome(actual, wanted) || isForHost(actual, reach.by)) return undefined;
    return { flow, actual, wanted };
  };
  for (const flow of reach.flows.slice(0, reachLimit)) {
    const different = isDifferent(flow);
    if (different) return { different, any, tried, tables: undefined };
  }
  const compiled = fib.rules?.[at];
  if (!compiled) return { different: undefined, any, tried, tables: undefined };
  const earlier = decidersOf(
    fib,
    compiled,
    at,
    reach.by.flatMap((other) => positions.get(other) ?? []),
  );
  const tables = new Set([compiled, ...earlier].map(({ tableId }) => tableId));
  const limit = tried.length + (at <= fewRules ? tryLimits.few : tryLimits.many);
  for (const flow of examples(fib, compiled, earlier, reach.flows)) {
    const different = isDifferent(flow);
    if (different) return { different, any, tried, tables };
    if (tried.length >= limit) break;
  }
  return { different: undefined, any, tried, tables };
}

const positions = new WeakMap<readonly CompiledRule[], ReadonlyMap<Rule, number>>();

/** Where each rule stands. Found once for a list. */
function positionsOf(rules: readonly CompiledRule[]): ReadonlyMap<Rule, number> {
  const known = positions.get(rules) ?? new Map(rules.map(({ rule }, at) => [rule, at]));
  positions.set(rules, known);
  return known;
}

/** The earlier rules that may decide about packets of a rule, those that are known to first. */
function decidersOf({ rules = [] }: Fib, compiled: CompiledRule, at: number, by: readonly number[]): CompiledRule[] {
  const others =
    at <= fewRules
      ? rules.slice(0, at).filter((other) => !isForLocal(other.rule) && mayShareFlows(other, compiled))
      : [];
  return [...new Set([...by.flatMap((each) => rules[each] ?? []), ...others])];
}

/** Whether the rule for table local has a packet, as it has what is for this host before all others, and is not the rule that stands in the way. */
function isForHost(actual: Decision, by: readonly Rule[]): boolean {
  if (actual.type !== "route" && actual.type !== "error") return false;
  const { rule } = actual;
  return rule !== undefined && isForLocal(rule) && !by.includes(rule);
}

function isForLocal({ action }: Rule): boolean {
  return action.type === "lookup" && (action.table.id === reservedTables.local || action.table.name === "local");
}

/** Each kind of destination with the usual origin, and then with all others. */
function* examples(
  fib: Fib,
  compiled: CompiledRule,
  earlier: readonly CompiledRule[],
  flows: readonly Flow[],
): Generator<Flow> {
  const { otherDevice, byTables } = preparedFor(fib);
  const { tos, sources, ...telling } = tellingOf(fib, byTables, compiled, earlier);
  const destinations = destinationsFor(compiled.rule, telling, earlier);
  const [first] = flows;
  if (first) for (const dst of destinations) yield { ...first, dst };
  const rules = earlier.slice(0, distinctionLimit);
  for (const origin of flowOrigins(compiled, { rules, tos, sources }, otherDevice)) {
    if (isUsual(origin.dst)) yield origin;
    for (const dst of destinations) yield { ...origin, dst };
  }
}

/** One of each kind, and one that each earlier rule asks for. */
function destinationsFor(
  { to, not }: Rule,
  telling: Pick<TellingDestinations, "classes" | "kinds">,
  earlier: readonly CompiledRule[],
): Address[] {
  const found: Address[] = [];
  for (const address of destinationsOf(telling, to, not)) {
    if (isUsual(address)) found.push(address);
    if (found.length === tryLimits.few) break;
  }
  for (const { rule } of earlier) {
    const address = rule.to && exampleWithin(telling.classes, rule.to);
    if (address && isUsual(address)) found.push(address);
  }
  return found;
}

/** IPv6 looks loopback, link-local and multicast destinations up apart. */
function isUsual(address: Address): boolean {
  return address.family === 4 || addressKind(address) === "unicast";
}

/** What is found once for all rules of a list. */
interface Prepared {
  /** A device that no rule names. */
  readonly otherDevice: string;
  readonly byTables: Map<string, TellingDestinations>;
}

const prepared = new WeakMap<Fib, Prepared>();

function preparedFor(fib: Fib): Prepared {
  const known = prepared.get(fib) ?? { otherDevice: unnamedDevice(fib), byTables: new Map() };
  prepared.set(fib, known);
  return known;
}

/** The same for all rules of the same tables. */
function tellingOf(
  fib: Fib,
  byTables: Map<string, TellingDestinations>,
  compiled: CompiledRule,
  earlier: readonly CompiledRule[],
): TellingDestinations {
  const own = sourceOf(fib, compiled);
  const others = [...new Set(earlier.flatMap((other) => sourceOf(fib, other) ?? []))];
  const key = [own, ...others].map((each) => (typeof each === "object" ? each.table.id : each)).join();
  const telling = byTables.get(key) ?? tellingDestinations(fib.family, own ?? "nothing", others);
  byTables.set(key, telling);
  return telling;
}

/** Where a rule's answers come from: its table, or the rule itself; undefined where it has none. */
function sourceOf(fib: Fib, compiled: CompiledRule): CompiledTable | string | undefined {
  const { type } = compiled.rule.action;
  if (type === "goto" || type === "nop") return undefined;
  if (type !== "lookup") return type;
  const table = findTable(fib, compiled);
  return table && "table" in table ? table : undefined;
}

/** Whether a rule is there for the case that earlier look-ups find nothing: it refuses what they let go on. */
export function isFallback({ action }: Rule, by: readonly Rule[]): boolean {
  const refuses = action.type === "unreachable" || action.type === "prohibit" || action.type === "blackhole";
  return refuses && by.every((earlier) => earlier.action.type === "lookup");
}
