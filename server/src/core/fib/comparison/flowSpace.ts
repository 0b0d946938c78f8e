import { type Prefix, parsePrefix } from "../../net/prefix.js";
import { routeChanges } from "../../state/routeChanges.js";
import { addressClasses, classCount, classesWithin } from "../addressClasses.js";
import { type ClassSet, uniteClasses } from "../classSet.js";
import { sourceLength } from "../compiledTable.js";
import type { Fib } from "../compileFib.js";
import { noPremises } from "../openField.js";
import type { Box, FlowSpace, FlowTemplate } from "./box.js";
import type { Touch } from "./touch.js";

/** Destinations for which IPv6 binds to a device (net/ipv6/route.c: rt6_need_strict): loopback, link-local, multicast. */
const scoped6 = ["::1/128", "fe80::/10", "ff00::/8"].flatMap((text) => parsePrefix(text) ?? []);

/** The space in which two states can be compared: all destinations and sources that any of their rules or routes tells apart. */
export function flowSpace(before: Fib, after: Fib): FlowSpace {
  const { family } = before;
  const dst: Prefix[] = family === 6 ? [...scoped6] : [];
  const src: Prefix[] = [];
  for (const { rules, familyState } of [before, after]) {
    for (const { rule } of rules ?? []) {
      if (rule.to) dst.push(rule.to);
      if (rule.from) src.push(rule.from);
    }
    for (const table of familyState.tables.values()) {
      const known = familyState === after.familyState ? before.familyState.tables.get(table.id) : undefined;
      for (const route of known ? routeChanges(known.routes, table.routes).come : table.routes) {
        dst.push(route.dst);
        if (route.from && sourceLength(route) > 0) src.push(route.from);
      }
    }
  }
  const classes = addressClasses(family, dst);
  const scoped = family === 6 ? uniteClasses(scoped6.map((prefix) => classesWithin(classes, prefix))) : [];
  return { family, dst: classes, src: addressClasses(family, src), scoped };
}

/** The devices that routes lead to, those of default routes first: by one of them a packet may have come in. */
export function nexthopDevices(before: Fib, after: Fib): string[] {
  const devices = [before, after].flatMap(({ familyState }) =>
    [...familyState.tables.values()].flatMap(({ routes }) =>
      routes.flatMap(({ dst, nexthops }) => nexthops.map(({ dev }) => ({ dev, isDefault: dst.length === 0 }))),
    ),
  );
  const named = (wanted: boolean) =>
    devices.flatMap(({ dev, isDefault }) => (isDefault === wanted && dev ? [dev] : []));
  return [...new Set([...named(true), ...named(false)])].filter((device) => device !== "lo");
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
