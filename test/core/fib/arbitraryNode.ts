import * as fc from "fast-check";
import type { Flow } from "../../../server/src/core/fib/flow.js";
import type { Nexthop, Route, RouteType } from "../../../server/src/core/iproute/route.js";
import type { Rule, RuleAction } from "../../../server/src/core/iproute/rule.js";
import type { Address, Family } from "../../../server/src/core/net/address.js";
import { familyBits } from "../../../server/src/core/net/address.js";
import { networkOf, type Prefix } from "../../../server/src/core/net/prefix.js";
import type { FamilyState, NodeState, Table } from "../../../server/src/core/state/nodeState.js";

/** Nodes and flows out of small pools, so that rules, routes and flows meet. */
const nowhere = { file: "", start: 0, end: 0 };
const devices = ["v0", "v1", "v2"];

/** Addresses that differ in a few bits at both ends and in the middle. */
export function addresses(family: Family): fc.Arbitrary<Address> {
  const bits = BigInt(familyBits(family));
  const places = [bits - 1n, bits - 2n, bits - 9n, bits / 2n, 8n, 1n, 0n];
  return fc
    .uniqueArray(fc.constantFrom(...places))
    .map((set) => ({ family, value: set.reduce((value, place) => value | (1n << place), 0n) }));
}

export function prefixes(family: Family): fc.Arbitrary<Prefix> {
  const bits = familyBits(family);
  const lengths = [0, 1, 2, 8, 9, bits / 2, bits / 2 + 1, bits - 8, bits - 1, bits];
  return fc
    .tuple(addresses(family), fc.constantFrom(...lengths))
    .map(([address, length]) => networkOf({ ...address, length }));
}

const marks = fc.record({ value: fc.nat(7), mask: fc.constantFrom(1, 3, 7, 0xffffffff) });
const ports = fc.oneof(
  fc.constantFrom({ start: 1, end: 3 }, { start: 2, end: 2 }, { start: 3, end: 9 }),
  fc.record({ value: fc.nat(3), mask: fc.constantFrom(1, 3) }),
);

function actions(): fc.Arbitrary<RuleAction> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.nat(3).map((id): RuleAction => ({ type: "lookup", table: { id: 100 + id } })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<RuleAction>({ type: "nop" }, { type: "prohibit" }, { type: "unreachable" }),
    },
    { weight: 1, arbitrary: fc.nat(12).map((target): RuleAction => ({ type: "goto", target, unresolved: false })) },
  );
}

function rules(family: Family): fc.Arbitrary<Rule> {
  const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 3 });
  return fc
    .record({
      not: fc.nat(7).map((dice) => dice === 0),
      action: actions(),
      from: maybe(prefixes(family)),
      to: maybe(prefixes(family)),
      fwmark: maybe(marks),
      iif: maybe(fc.constantFrom("lo", ...devices).map((name) => ({ name, detached: false }))),
      oif: maybe(fc.constantFrom(...devices).map((name) => ({ name, detached: false }))),
      tos: maybe(fc.constantFrom(0x04, 0x08, 0x10)),
      uidrange: maybe(fc.constantFrom({ start: 0, end: 0 }, { start: 1, end: 5 })),
      ipproto: maybe(fc.constantFrom(6, 17)),
      sport: maybe(ports),
      dport: maybe(ports),
      tunId: maybe(fc.constantFrom(0n, 7n)),
      suppressPrefixLength: maybe(fc.constantFrom(0, 8)),
    })
    .map((drawn) => {
      const fields = Object.entries(drawn).filter(([, value]) => value !== undefined);
      return {
        ...Object.fromEntries(fields),
        family,
        priority: 0,
        place: nowhere,
        incomplete: false,
      } as unknown as Rule;
    });
}

function routes(family: Family, table: number): fc.Arbitrary<Route> {
  const types: RouteType[] = ["unicast", "unicast", "unicast", "unicast", "local", "throw", "unreachable", "blackhole"];
  const hop = fc.record({
    dev: fc.constantFrom(...devices),
    flags: fc.constantFrom<string[]>([], [], [], ["dead"]),
  });
  return fc
    .record({
      dst: prefixes(family),
      type: fc.constantFrom(...types),
      nexthops: fc.array(hop, { minLength: 1, maxLength: 2 }) as fc.Arbitrary<readonly Nexthop[]>,
      tos: fc.constantFrom(0, 0, 0, 0x08),
      metric: fc.constantFrom(0, 10),
    })
    .map((drawn) => ({ ...drawn, tos: family === 4 ? drawn.tos : 0, family, table: { id: table }, place: nowhere }));
}

/** A node of one family; its tables 100 to 102 are dumped, 103 may be missing. */
export function nodes(family: Family): fc.Arbitrary<NodeState> {
  const tables = [100, 101, 102].map((id) =>
    fc
      .array(routes(family, id), { maxLength: 8 })
      .map((entries): Table => ({ id, routes: entries, origin: "dumped", exact: true })),
  );
  return fc
    .tuple(fc.array(rules(family), { minLength: 1, maxLength: 12 }), fc.tuple(...tables), fc.boolean())
    .map(([list, known, all]) => {
      const state: FamilyState = {
        rules: list.map((rule, at) => ({ ...rule, priority: at })),
        rulesComplete: true,
        hiddenSelectors: [],
        tables: new Map(known.map((table) => [table.id, table])),
        allTablesDumped: all,
      };
      const empty: FamilyState = { rules: undefined, rulesComplete: false, hiddenSelectors: [], tables: new Map() };
      return {
        name: "node",
        families: family === 4 ? { 4: state, 6: empty } : { 4: empty, 6: state },
        links: new Map(),
        linksComplete: true,
        sysctls: new Map(),
        tableNames: new Map(),
        problems: [],
        files: [],
      };
    });
}

/** A flow of which everything is known. */
export function flows(family: Family): fc.Arbitrary<Flow> {
  return fc.record({
    family: fc.constant(family),
    dst: addresses(family),
    src: fc.option(addresses(family)),
    iif: fc.constantFrom("lo", ...devices),
    oif: fc.option(fc.constantFrom(...devices), { freq: 2 }).map((device) => device ?? null),
    fwmark: fc.nat(9),
    tos: fc.constantFrom(0, 0x04, 0x08, 0x10, 0xb8),
    flowlabel: fc.constant(0),
    uid: fc.nat(6),
    ipproto: fc.constantFrom(1, 6, 17),
    sport: fc.nat(10),
    dport: fc.nat(10),
    tunId: fc.constantFrom(0n, 7n, 8n),
  });
}
