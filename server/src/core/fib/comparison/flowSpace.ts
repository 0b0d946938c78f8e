import { type Prefix, parsePrefix } from "../../net/prefix.js";
import type { FamilyState } from "../../state/nodeState.js";
import { addressClasses, classCount, classesOfKeys, classesWithin } from "../addressClasses.js";
import { type ClassSet, uniteClasses } from "../classSet.js";
import type { CompiledTable } from "../compiledTable.js";
import type { Fib } from "../compileFib.js";
import { noPremises } from "../openField.js";
import { buildPrefixIndex } from "../prefixIndex.js";
import type { PrefixKeys } from "../prefixLeaves.js";
import type { AnswerKinds, Box, FlowSpace, FlowTemplate } from "./box.js";
import { sourcePrefixes } from "./sourcePrefixes.js";
import type { Touch } from "./touch.js";

/** Destinations for which IPv6 binds to a device (net/ipv6/route.c: rt6_need_strict): loopback, link-local, multicast. */
const scoped6 = ["::1/128", "fe80::/10", "ff00::/8"].flatMap((text) => parsePrefix(text) ?? []);

const oneKind: AnswerKinds = { ofRule: () => "", ofRoute: () => "" };

/**
 * The space in which states can be compared: all destinations and sources that any of their rules or routes tells apart. One will do for
 * many comparisons, and what was found out about a table in it need not be found out again.
 */
export function flowSpace(fibs: readonly Fib[], kinds: AnswerKinds = oneKind): FlowSpace {
  const family = fibs[0]?.family ?? 4;
  const tables = new Set(fibs.flatMap(tablesOf));
  const rules = [...new Set(fibs.flatMap((fib) => (fib.rules ?? []).map(({ rule }) => rule)))];
  const fixed = family === 6 ? scoped6 : [];
  const asked = keysOf([...fixed, ...rules.flatMap(({ to }) => to ?? [])]);
  const dst = classesOfKeys(family, [...[...tables].map(({ index }) => index), asked]);
  const src = addressClasses(family, [
    ...rules.flatMap(({ from }) => from ?? []),
    ...[...tables].flatMap(sourcePrefixes),
  ]);
  const scoped = uniteClasses(fixed.map((prefix) => classesWithin(dst, prefix)));
  return { family, dst, src, scoped, kinds };
}

/** The tables that a walk may look up. */
function tablesOf({ merged, rules = [], tables }: Fib): CompiledTable[] {
  const ids = new Set(rules.flatMap(({ tableId }) => tableId ?? []));
  return [...(merged ? [merged] : []), ...[...ids].flatMap((id) => tables.get(id) ?? [])];
}

/** Sorted, each once. */
function keysOf(prefixes: readonly Prefix[]): PrefixKeys {
  return buildPrefixIndex(
    prefixes.map((dst) => ({ dst })),
    () => 0,
  );
}

/** Devices that routes lead to. */
interface NexthopDevices {
  readonly byDefault: readonly string[];
  readonly otherwise: readonly string[];
}

const known = new WeakMap<FamilyState, NexthopDevices>();

/** The devices that routes lead to, those of default routes first: by one of them a packet may have come in. Some stand there twice. */
export function nexthopDevices(fibs: readonly Fib[]): string[] {
  const devices = fibs.map(({ familyState }) => {
    const found = known.get(familyState) ?? findDevices(familyState);
    known.set(familyState, found);
    return found;
  });
  return [...devices.flatMap(({ byDefault }) => byDefault), ...devices.flatMap(({ otherwise }) => otherwise)];
}

function findDevices({ tables }: FamilyState): NexthopDevices {
  const byDefault = new Set<string>();
  const otherwise = new Set<string>();
  for (const { routes } of tables.values()) {
    for (const { dst, nexthops } of routes) {
      for (const { dev } of nexthops) if (dev && dev !== "lo") (dst.length === 0 ? byDefault : otherwise).add(dev);
    }
  }
  return { byDefault: [...byDefault], otherwise: [...otherwise] };
}

/** All flows that a difference can touch, in boxes by where they come from. */
export function wholeSpace(space: FlowSpace, before: Fib, after: Fib, touches: readonly Touch[]): Box[] {
  const dst = bound(touches.map(({ to }) => to)) ?? [0, classCount(space.dst)];
  const src = bound(touches.map(({ from }) => from)) ?? [0, classCount(space.src)];
  const open = {
    fwmark: undefined,
    tos: undefined,
    flowlabel: space.family === 4 ? 0 : undefined,
    ipproto: undefined,
    sport: undefined,
    dport: undefined,
  } as const;
  // No socket of this node sent a forwarded packet, and none of its own came through a tunnel.
  const forwarded: FlowTemplate = { ...open, iif: undefined, oif: null, uid: 0, tunId: undefined };
  const own = (oif: string | null): FlowTemplate => ({ ...open, iif: "lo", oif, uid: undefined, tunId: 0n });
  const boundTo = [null, ...boundDevices(before, after)];
  return [
    ...boundTo.map((oif) => ({ template: own(oif), dst, src: undefined, premises: noPremises })),
    ...boundTo.map((oif) => ({ template: own(oif), dst, src, premises: noPremises })),
    // The last is the first to be looked at: a forwarded packet makes the better example.
    { template: forwarded, dst, src, premises: { ...noPremises, notIif: new Set(["lo"]) } },
  ];
}

function boundDevices(before: Fib, after: Fib): Set<string> {
  return new Set(
    [before, after].flatMap(({ rules }) => (rules ?? []).flatMap(({ selector }) => [...(selector.oif ?? [])])),
  );
}

/** What the sets hold together; undefined where one of them holds everything. */
function bound(sets: readonly (ClassSet | undefined)[]): ClassSet | undefined {
  const given = sets.filter((set) => set !== undefined);
  return given.length < sets.length ? undefined : uniteClasses(given);
}
