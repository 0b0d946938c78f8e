import type { CompiledTable } from "../../fib/compiledTable.js";
import type { CompiledRule, Fib } from "../../fib/compileFib.js";
import type { RouteDecision } from "../../fib/decision.js";
import { findTable } from "../../fib/evidence.js";
import { otherDevice } from "../../fib/exampleFlows.js";
import type { Flow } from "../../fib/flow.js";
import { type AddressSet, intersectAddresses, prefixRange } from "../../fib/reach/addressRanges.js";
import { arriveAt } from "../../fib/reach/arriveAt.js";
import { endOfWalk } from "../../fib/reach/decideBy.js";
import { endingDestinations } from "../../fib/reach/endingDestinations.js";
import { boxesOf, type FlowBox, ordinaryDestinations } from "../../fib/reach/flowBox.js";
import { flowWithin, type Judgement, type Refusal } from "../../fib/reach/flowWithin.js";
import { intersectBoxes } from "../../fib/reach/intersectBoxes.js";
import { sameAnswers } from "../../fib/reach/sameAnswers.js";
import { type Address, type Family, sameAddress } from "../../net/address.js";
import type { VictimSearch } from "./losses.js";
import { openLookups } from "./openLookups.js";
import { routeCuts } from "./routeCuts.js";
import type { VictimRoute } from "./victimRoutes.js";

/** Whether a rule that answers so takes from a route what would go there otherwise. */
export type IsLost = (taken: RouteDecision, otherwise: RouteDecision) => boolean;

/**
 * A packet that a rule takes away from a route, where the usual examples show none: searched for among all packets that the rule, a later
 * rule to the route's table and the route have in common. Packets of a socket that is bound to a device are considered where one of the two
 * rules asks for that.
 */
export function hiddenLoss(search: VictimSearch, at: number, candidate: VictimRoute, isLost: IsLost): Flow | undefined {
  const { fib } = search;
  for (const later of openLookups(fib, at, candidate.table, fib.rules?.length ?? 0)) {
    const flow = lossBetween({ search, at, later, candidate, isLost });
    if (flow) return flow;
  }
  return undefined;
}

/** A rule, a later one, and the route that the later one leads to. */
interface Between {
  readonly search: VictimSearch;
  readonly at: number;
  readonly later: number;
  readonly candidate: VictimRoute;
  readonly isLost: IsLost;
}

function lossBetween(between: Between): Flow | undefined {
  const { search, at, later, candidate } = between;
  const { fib } = search;
  const rules = fib.rules ?? [];
  const [compiled, other] = [rules[at] as CompiledRule, rules[later] as CompiledRule];
  const asking = routeCuts(fib, candidate.route.dst);
  const usual = usualAddresses[fib.family];
  const around: FlowBox = {
    dst: intersectAddresses([prefixRange(candidate.route.dst)], usual),
    src: { addresses: usual, none: true },
    numbers: {},
  };
  for (const oif of boundTo(compiled, other)) {
    // A `goto` may lead past a rule that would end the walk.
    const cuts = [...asking, ...fib.jumps.flatMap((jump) => boxesOf(rules[jump] as CompiledRule, oif))];
    const options = {
      family: fib.family,
      oif,
      otherDevice: otherDevice(fib.familyState) ?? "any",
      fewest: cuts.length === 0 && fib.jumps.length === 0,
    };
    for (const one of boxesOf(compiled, oif)) {
      for (const box of boxesOf(other, oif)) {
        const space = intersectBoxes(intersectBoxes(one, box), around);
        const flow = flowWithin(space, cuts, (each) => judge(between, each, space, options.fewest), options);
        if (flow) return flow;
      }
    }
  }
  return undefined;
}

/** The addresses that are looked up like any other, at either end of a packet. */
const usualAddresses: Readonly<Record<Family, AddressSet>> = {
  4: [
    { first: 0x01000000n, last: 0x7effffffn },
    { first: 0x80000000n, last: 0xdfffffffn },
  ],
  6: ordinaryDestinations[6],
};

/** The devices that sockets may be bound to, null for none. */
function boundTo({ rule, selector }: CompiledRule, other: CompiledRule): readonly (string | null)[] {
  if (selector.oif && !rule.not) return [...selector.oif];
  return [null, ...(selector.oif ?? []), ...(other.selector.oif ?? [])];
}

/** Whether a packet shows the loss, and if not, which others do not for the same reason. */
function judge(between: Between, flow: Flow, space: FlowBox, simple: boolean): Judgement {
  const { search, at, later, candidate, isLost } = between;
  const { fib, index } = search;
  const { dst, src } = flow;
  if (sameAddress(src ?? undefined, dst)) return toItself(dst, space);
  const taken = endOfWalk(fib, index, flow);
  if (taken.at < at) return takenBy(between, taken.at, flow, simple);
  if (taken.at > at) {
    const arrival = arriveAt(fib, index, flow, at);
    if (arrival.type === "jumped") return takenBy(between, arrival.by, flow, simple);
    return answeredAlike(between, at, flow);
  }
  if (taken.decision.type !== "route") return answeredAlike(between, at, flow);
  const otherwise = endOfWalk(fib, index, flow, at);
  if (otherwise.decision.type === "route" && isLost(taken.decision, otherwise.decision)) return "wanted";
  const isNarrow = taken.decision.route.dst.length >= candidate.route.dst.length;
  if (isNarrow && candidate.kind !== "lan") return answeredAlike(between, at, flow);
  const decider = fib.rules?.[otherwise.at];
  const passes = otherwise.at > later || decider?.tableId === candidate.table;
  if (!passes) return takenBy(between, otherwise.at, flow, simple);
  // Either the later rule leads elsewhere, or both answer alike.
  return bothAlike(answeredAlike(between, at, flow), answeredAlike(between, later, flow));
}

/** What is sent to its own sender leaves no host. Another source will do, and where there is none, another destination. */
function toItself({ value }: Address, { src }: FlowBox): Refusal {
  const addresses = [{ first: value, last: value }];
  const [only, ...others] = src?.addresses ?? [];
  const isLone = only !== undefined && only.first === only.last && others.length === 0;
  const box = isLone ? { dst: addresses } : { src: { addresses, none: false } };
  return { key: `self ${value}`, boxes: [{ ...box, numbers: {} }] };
}

/** What a rule other than the two decides about. */
function takenBy({ search: { fib }, candidate }: Between, by: number, flow: Flow, simple: boolean): Judgement {
  const compiled = fib.rules?.[by];
  if (!compiled || compiled.rule.l3mdev) return "unclear";
  const boxes = boxesOf(compiled, flow.oif);
  const table = tableOf(fib, compiled);
  if (!table) return { key: `${by}`, boxes };
  const ends = simple ? endingDestinations(fib, compiled, flow.oif) : [];
  const { value } = flow.dst;
  const isEnding = intersectAddresses(ends, [{ first: value, last: value }]).length > 0;
  const dst = isEnding ? ends : sameAnswers(table, flow.dst, candidate.route.dst);
  return { key: `${by} ${keyOf(dst)}`, boxes: boxes.map((box) => intersectBoxes(box, { dst, numbers: {} })) };
}

/** The packets that a rule's table answers like this one. */
function answeredAlike({ search: { fib }, candidate }: Between, at: number, flow: Flow): Judgement {
  const compiled = fib.rules?.[at];
  const table = compiled && tableOf(fib, compiled);
  if (!table) return "unclear";
  const dst = sameAnswers(table, flow.dst, candidate.route.dst);
  return { key: `table ${compiled.tableId} ${keyOf(dst)}`, boxes: [{ dst, numbers: {} }] };
}

function bothAlike(one: Judgement, other: Judgement): Judgement {
  if (typeof one === "string" || typeof other === "string") return "unclear";
  return {
    key: `${one.key} ${other.key}`,
    boxes: one.boxes.flatMap((a) => other.boxes.map((b) => intersectBoxes(a, b))),
  };
}

function keyOf([range]: AddressSet): string {
  return `${range?.first} ${range?.last}`;
}

function tableOf(fib: Fib, compiled: CompiledRule): CompiledTable | undefined {
  const table = findTable(fib, compiled);
  return table && "table" in table ? table : undefined;
}
