import { changedRegions } from "../../server/src/core/fib/comparison/changedRegions.js";
import type { Route } from "../../server/src/core/iproute/route.js";
import type { Rule } from "../../server/src/core/iproute/rule.js";
import type { Prefix } from "../../server/src/core/net/prefix.js";
import { addRule, removeRule } from "../../server/src/core/state/editRules.js";
import type { NodeState, Table } from "../../server/src/core/state/nodeState.js";
import { stateChanges } from "../../server/src/core/state/stateChanges.js";

/**
 * How long it takes to compare two states of 5 000 rules and 10 000 routes that differ in a little: a pod's rules, a route, a rule that
 * touches every flow. Prints, asserts nothing. Run with `node --expose-gc`.
 */

const place = { file: "bench", start: 0, end: 0 };
const pods = 2_490;

function prefix(value: number, length: number): Prefix {
  return { family: 4, value: BigInt(value), length };
}

const podAddress = (pod: number): Prefix => prefix(0x0a010000 + pod + 10, 32);

function rule(priority: number, table: number, selector: Partial<Rule>): Rule {
  return {
    family: 4,
    not: false,
    priority,
    action: { type: "lookup", table: { id: table } },
    place,
    incomplete: false,
    ...selector,
  };
}

function route(table: number, dst: Prefix, dev: string, gateway?: number): Route {
  const via = gateway === undefined ? {} : { via: { family: 4 as const, value: BigInt(gateway) } };
  return { family: 4, type: "unicast", dst, nexthops: [{ dev, flags: [], ...via }], table: { id: table }, place };
}

/** A node as AWS VPC CNI makes them, only that no machine has so many pods: two rules for each, fifteen tables by interface. */
function node(): NodeState {
  const rules = [
    rule(0, 255, {}),
    ...Array.from({ length: pods }, (_, pod) => rule(512, 254, { to: podAddress(pod) })),
    rule(1024, 254, { fwmark: { value: 0x80, mask: 0x80 } }),
    ...Array.from({ length: pods }, (_, pod) => rule(1536, 2 + (pod % 15), { from: podAddress(pod) })),
    rule(32766, 254, {}),
    rule(32767, 253, {}),
  ];
  const table = (id: number, routes: readonly Route[]): [number, Table] => [
    id,
    { id, routes, origin: "dumped", exact: true },
  ];
  const main = [
    route(254, prefix(0, 0), "eth0", 0x0a000001),
    ...Array.from({ length: pods }, (_, pod) => route(254, podAddress(pod), `eni${pod}`)),
    ...Array.from({ length: 7_400 }, (_, at) =>
      route(254, prefix(0xac100000 + at * 64, 26), "eth0", 0x0a000002 + (at % 40)),
    ),
  ].sort((a, b) => Number(a.dst.value - b.dst.value) || b.dst.length - a.dst.length);
  const interfaces = Array.from({ length: 15 }, (_, at) =>
    table(2 + at, [
      route(2 + at, prefix(0, 0), `eth${at + 1}`, 0x0a000001),
      route(2 + at, prefix(0x0a000001, 32), `eth${at + 1}`),
    ]),
  );
  const local = table(255, [{ ...route(255, prefix(0x0a00000a, 32), "eth0"), type: "local" }]);
  const empty = { rules: undefined, rulesComplete: false, hiddenSelectors: [], tables: new Map<number, Table>() };
  return {
    name: "bench",
    families: {
      4: {
        rules,
        rulesComplete: true,
        hiddenSelectors: [],
        tables: new Map([local, table(254, main), table(253, []), ...interfaces]),
        allTablesDumped: true,
      },
      6: empty,
    },
    links: new Map(),
    linksComplete: true,
    sysctls: new Map(),
    tableNames: new Map(),
    problems: [],
    files: [],
  };
}

function withMain(state: NodeState, edit: (routes: readonly Route[]) => readonly Route[]): NodeState {
  const family = state.families[4];
  const main = family.tables.get(254);
  const tables = new Map(family.tables);
  if (main) tables.set(254, { ...main, routes: edit(main.routes) });
  return { ...state, families: { ...state.families, 4: { ...family, tables } } };
}

/** Another object for everything, as reading another file makes them. */
const again = (state: NodeState): NodeState => structuredClone(state);

const changes: Readonly<Record<string, (state: NodeState) => NodeState>> = {
  nothing: again,
  "a pod's from rule gone": (state) => {
    const next = again(state);
    const found = next.families[4].rules?.at(-3);
    return found ? removeRule(next, found) : next;
  },
  "a route more in main": (state) =>
    withMain(again(state), (routes) => [...routes, route(254, prefix(0xc6336400, 24), "eth3")]),
  "a source rule before all": (state) => addRule(again(state), rule(100, 2, { from: prefix(0x0a00000a, 32) })),
  "the fwmark rule gone": (state) => {
    const next = again(state);
    const found = next.families[4].rules?.find(({ fwmark }) => fwmark);
    return found ? removeRule(next, found) : next;
  },
  "the main rule gone": (state) => {
    const next = again(state);
    const found = next.families[4].rules?.at(-2);
    return found ? removeRule(next, found) : next;
  },
  "a fwmark rule before all": (state) => addRule(again(state), rule(9, 16, { fwmark: { value: 0x200, mask: 0xf00 } })),
};

const before = node();
for (const [name, change] of Object.entries(changes)) {
  const after = change(before);
  (globalThis as { gc?: () => void }).gc?.();
  const start = performance.now();
  stateChanges(before, after);
  const listed = performance.now();
  const { regions, complete } = changedRegions(before, after, 4);
  const done = performance.now();
  console.log(
    `${name.padEnd(26)} lists ${(listed - start).toFixed(0).padStart(5)} ms, flows ${(done - listed).toFixed(0).padStart(5)} ms, ` +
      `${regions.length} regions${complete ? "" : ", not all"}`,
  );
}
