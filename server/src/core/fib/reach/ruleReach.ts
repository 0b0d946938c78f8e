import type { Rule } from "../../iproute/rule.js";
import { type Address, familyBits } from "../../net/address.js";
import { firstAddress, type Prefix } from "../../net/prefix.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { familiarAddresses, familiarSources } from "../familiarAddresses.js";
import type { Flow } from "../flow.js";
import { type AddressSet, allAddresses, intersectAddresses, prefixRange, subtractAddresses } from "./addressRanges.js";
import { arriveAt } from "./arriveAt.js";
import { asksForAll } from "./askedPackets.js";
import { emptyFlow } from "./emptyFlow.js";
import { endingDestinations } from "./endingDestinations.js";
import { boxesOf, type FlowBox, ordinaryDestinations } from "./flowBox.js";
import { type CellOptions, cellsOf, type FlowCell } from "./flowCells.js";
import type { RuleIndex } from "./ruleIndex.js";
import { smallestCover } from "./smallestCover.js";

/** What is found out once for all rules of a list. */
export interface ReachContext {
  readonly fib: Fib;
  readonly index: RuleIndex;
  /** A device that no rule names, to stand for all others. */
  readonly otherDevice: string;
}

/** Prepares the search for the reach of rules. */
export function reachContext(fib: Fib, index: RuleIndex): ReachContext {
  return { fib, index, otherDevice: unnamedDevice(fib) };
}

/** A device that no rule names, to stand for all others. */
export function unnamedDevice({ rules = [] }: Fib): string {
  const named = new Set<string>();
  for (const { rule } of rules) if (rule.iif) named.add(rule.iif.name);
  let otherDevice = "any";
  while (named.has(otherDevice)) otherDevice += "0";
  return otherDevice;
}

/** Whether any packet comes to a rule and meets it. */
export type RuleReach =
  /** One does; a usual one, or one that had to be searched for. */
  | { readonly type: "reached"; readonly flow: Flow; readonly usual: boolean }
  /** None does: the rules at `by` end the walk of all that it matches, or lead past it. */
  | {
      readonly type: "unreachable";
      readonly by: readonly Rule[];
      /** One flow of each kind that earlier rules take. */
      readonly flows: readonly Flow[];
      /** The position of the one rule that is seen at once to end the walk of all; undefined where it had to be searched for. */
      readonly coveredBy?: number;
    }
  /** There is no packet that it could match. */
  | { readonly type: "unmatchable" }
  /** Too many cases to tell, or the dumps do not say. */
  | { readonly type: "unknown" };

/** More earlier rules than this are not taken together. */
const ruleLimit = 128;

const unknown: RuleReach = { type: "unknown" };

/**
 * Finds out, exactly, whether any packet comes to a rule: it looks for a flow that the rule matches and that lies outside of all that
 * earlier rules are known to end; walks it; and where yet another rule ends it, takes that one into account, too. So only rules that
 * matter are ever put together, however many there are. Where no flow is left, the rule is unreachable.
 *
 * Sockets that are bound to a device are considered for rules that name an `oif` only: they see no route by other devices, so they get
 * past nearly every look-up. In IPv6, loopback, link-local and multicast destinations are not considered.
 */
export function ruleReach(context: ReachContext, at: number): RuleReach {
  const { fib } = context;
  const compiled = fib.rules?.[at];
  // Which table a VRF has, and which device belongs to it, is not in the dumps of rules and routes.
  if (!compiled || compiled.selector.l3mdev) return unknown;
  const { rule, selector } = compiled;
  const usual = usualFlow(context, compiled);
  if (usual) {
    const arrival = arriveAt(fib, context.index, usual, at);
    if (arrival.type === "arrived") return { type: "reached", flow: usual, usual: true };
    const earlier = arrival.type === "ended" ? fib.rules?.[arrival.by] : undefined;
    if (arrival.type === "ended" && earlier && covers(fib, earlier, compiled)) {
      return { type: "unreachable", by: [earlier.rule], flows: [usual], coveredBy: arrival.by };
    }
  }
  const bound = rule.oif && !rule.not ? [...(selector.oif ?? [])] : [null];
  const takers: Taken[] = [];
  let matchable = false;
  for (const oif of bound) {
    const search: Search = { context, at, options: optionsFor(context, oif) };
    for (const box of boxesOf(compiled, oif)) {
      const found = searchBox(search, box);
      if (found === "empty") continue;
      if ("type" in found) return found;
      matchable = true;
      takers.push(...found);
    }
  }
  if (!matchable) return { type: "unmatchable" };
  return {
    type: "unreachable",
    by: smallestCover(takers.map(({ by }) => by)).flatMap((by) => fib.rules?.[by]?.rule ?? []),
    flows: takers.map(({ flow }) => flow),
  };
}

/** A flow that a rule with no more than prefixes, a device and a fwmark matches. It comes to most rules, without any search. */
function usualFlow({ otherDevice }: ReachContext, { rule, selector }: CompiledRule): Flow | undefined {
  if (selector.not || selector.oif || selector.never) return undefined;
  if (selector.conditions.some(({ field }) => field !== "fwmark" && field !== "iif")) return undefined;
  const fwmark = rule.fwmark ? (rule.fwmark.value & rule.fwmark.mask) >>> 0 : 0;
  return {
    ...emptyFlow(rule.family),
    dst: addressIn(rule.to, familiarAddresses[rule.family][0]),
    src: addressIn(rule.from, familiarSources[rule.family][0]),
    iif: rule.iif?.name ?? otherDevice,
    fwmark,
  };
}

/** Not the first address of a prefix, where there is another: in a subnet that one means the subnet itself. */
function addressIn(prefix: Prefix | undefined, familiar: Address): Address {
  if (!prefix || prefix.length === 0) return familiar;
  const { family, value } = firstAddress(prefix);
  return { family, value: prefix.length === familyBits(family) ? value : value + 1n };
}

/** Whether a rule is sure to end the walk of every packet that a later one asks for. */
export function covers(fib: Fib, earlier: CompiledRule, later: CompiledRule): boolean {
  if (fib.jumps.length > 0 || !asksForAll(earlier, later)) return false;
  const ends = endingDestinations(fib, earlier, null);
  return isWithin(asked(later), asked(earlier)) && isWithin(asked(later), ends);
}

function asked({ rule: { to, family } }: CompiledRule): AddressSet {
  return to && to.length > 0 ? [prefixRange(to)] : allAddresses(family);
}

function isWithin(inner: AddressSet, outer: AddressSet): boolean {
  return inner === outer || subtractAddresses(inner, outer).length === 0;
}

function optionsFor({ fib, otherDevice }: ReachContext, oif: string | null): CellOptions {
  // A `goto` may lead past a rule that would end the walk: then lying in fewer boxes need not be better.
  return { family: fib.family, oif, otherDevice, fewest: fib.jumps.length === 0 };
}

interface Search {
  readonly context: ReachContext;
  readonly at: number;
  readonly options: CellOptions;
}

/** A kind of flow that does not come to the rule: any of the rules at `by` alone would see to that. */
interface Taken {
  readonly flow: Flow;
  readonly by: readonly number[];
}

function searchBox(search: Search, box: FlowBox): Taken[] | RuleReach | "empty" {
  const { context, at, options } = search;
  const { fib } = context;
  const dst = box.dst
    ? intersectAddresses(box.dst, ordinaryDestinations[fib.family])
    : ordinaryDestinations[fib.family];
  const space = { ...box, dst };
  const rules = fib.jumps.filter((jump) => jump < at);
  for (;;) {
    if (rules.length > ruleLimit) return unknown;
    const boxes = rules.flatMap((earlier) => endedBoxes(fib, earlier, options.oif));
    const cells = cellsOf(
      space,
      boxes.map((each) => each.box),
      options,
    );
    if (!cells) return unknown;
    if (cells.length === 0) return "empty";
    const result = tryCells(search, cells, boxes, new Set(rules));
    if (typeof result !== "number") return result;
    rules.push(result);
  }
}

/** Walks an example of each cell. Answers with an earlier rule that has to be taken into account, where one turns up. */
function tryCells(
  { context: { fib, index }, at, options }: Search,
  cells: readonly FlowCell[],
  boxes: readonly EndedBox[],
  rules: ReadonlySet<number>,
): Taken[] | RuleReach | number {
  const taken: Taken[] = [];
  for (const { flow, boxes: inside } of cells) {
    const arrival = arriveAt(fib, index, flow, at);
    if (arrival.type === "arrived") return { type: "reached", flow, usual: false };
    if (arrival.type === "not-matched") return unknown;
    const explained = boxes.filter((_, bit) => (inside >> BigInt(bit)) & 1n).map(({ by }) => by);
    // Where nothing leads past a rule, lying in the box of one that ends the walk is enough.
    if (options.fewest && explained.length > 0) taken.push({ flow, by: [...new Set(explained)] });
    else if (!rules.has(arrival.by)) return arrival.by;
    // Ended for a reason that holds for part of the cell only, such as a route's tos.
    else if (!explained.includes(arrival.by)) return unknown;
    else taken.push({ flow, by: [arrival.by] });
  }
  return taken;
}

interface EndedBox {
  readonly by: number;
  readonly box: FlowBox;
}

/** The flows that a rule, by itself, ends or leads elsewhere. */
function endedBoxes(fib: Fib, at: number, oif: string | null): EndedBox[] {
  const compiled = fib.rules?.[at];
  if (!compiled) return [];
  const boxes = boxesOf(compiled, oif);
  if (compiled.target !== undefined) return boxes.map((box) => ({ by: at, box }));
  const ends = endingDestinations(fib, compiled, oif);
  return boxes.map((box) => ({
    by: at,
    box: { ...box, dst: box.dst ? intersectAddresses(box.dst, ends) : ends },
  }));
}
