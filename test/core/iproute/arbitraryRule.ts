import fc from "fast-check";
import { tableOf } from "../../../server/src/core/iproute/names.js";
import type { Route } from "../../../server/src/core/iproute/route.js";
import type { Rule, RuleAction } from "../../../server/src/core/iproute/rule.js";
import type { Address, Family } from "../../../server/src/core/net/address.js";
import type { Prefix } from "../../../server/src/core/net/prefix.js";

const nowhere = { file: "", start: 0, end: 0 };

export function address(family: Family): fc.Arbitrary<Address> {
  return fc
    .bigInt({ min: 0n, max: family === 4 ? 2n ** 32n - 1n : 2n ** 128n - 1n })
    .map((value) => ({ family, value }));
}

export function prefix(family: Family): fc.Arbitrary<Prefix> {
  const length = fc.integer({ min: 1, max: family === 4 ? 32 : 128 });
  return fc.tuple(address(family), length).map(([{ value }, bits]) => ({ family, value, length: bits }));
}

const name = fc
  .stringMatching(/^[a-z]([a-z0-9_.-]{0,12}[a-z0-9])?$/)
  .filter((word) => !/red|rem|mask|hid|omit|x/.test(word));
/** Objects as a literal makes them, for comparisons that look at the prototype. */
const plain = { noNullPrototype: true } as const;

const device = fc.record({ name, detached: fc.boolean() }, plain);
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const table = fc
  .oneof(
    fc.integer({ min: 1, max: 0xffffffff }).map(String),
    fc.constantFrom("main", "local", "default", "wan", "eni-1"),
  )
  .map((word) => tableOf(word) ?? {});

function masked(max: number) {
  return fc.record(
    { value: fc.integer({ min: 0, max }), mask: fc.oneof(fc.constant(max), fc.integer({ min: 0, max })) },
    plain,
  );
}

function range(max: number) {
  return fc
    .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max }))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
}

const ports = fc.oneof(range(65535), masked(65535));

const action: fc.Arbitrary<RuleAction> = fc.oneof(
  table.map((named) => ({ type: "lookup" as const, table: named })),
  fc.record({ type: fc.constant("goto" as const), target: u32, unresolved: fc.boolean() }, plain),
  fc.constantFrom<RuleAction>({ type: "nop" }, { type: "unreachable" }, { type: "prohibit" }, { type: "blackhole" }),
  fc.constantFrom<RuleAction>({ type: "invalid", words: "throw" }, { type: "invalid", words: "lookup 7 masquerade" }),
);

/** Any rule that a kernel may have, without places. */
export function rule(family: Family): fc.Arbitrary<Rule> {
  return fc
    .record(
      {
        family: fc.constant(family),
        priority: u32,
        not: fc.boolean(),
        action,
        from: prefix(family),
        to: prefix(family),
        tos: fc.integer({ min: 0, max: 255 }),
        dscp: masked(0x3f),
        ...(family === 6 ? { flowlabel: masked(0xfffff) } : {}),
        fwmark: masked(0xffffffff),
        iif: device,
        oif: device,
        uidrange: range(0xffffffff),
        ipproto: fc.integer({ min: 0, max: 255 }),
        sport: ports,
        dport: ports,
        tunId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        suppressPrefixLength: fc.integer({ min: 0, max: 128 }),
        suppressIfGroup: fc.oneof(u32, fc.constantFrom("uplinks")),
        realms: fc.constantFrom("5", "3/4", "lan/wan"),
        protocol: fc.constantFrom("static", "kernel", "bird", "77"),
        place: fc.constant(nowhere),
        incomplete: fc.constant(false),
      },
      { ...plain, requiredKeys: ["family", "priority", "not", "action", "place", "incomplete"] },
    )
    .map((parts) => parts as Rule);
}

function nexthop(family: Family, weighted: boolean) {
  const via = fc.oneof(
    { arbitrary: address(family), weight: 4 },
    { arbitrary: address(family === 4 ? 6 : 4), weight: 1 },
  );
  return fc.record(
    {
      via,
      dev: name,
      weight: fc.integer({ min: 1, max: 256 }),
      flags: fc.uniqueArray(fc.constantFrom("onlink", "linkdown", "dead", "pervasive"), { maxLength: 2 }),
      encap: fc.constantFrom(
        "ip id 100 src 0.0.0.0 dst 192.0.2.7 ttl 64 tos 0",
        "mpls 100/200 ttl 3",
        "seg6 mode encap segs 2 [ fc00::1 fc00::2 ]",
        "seg6local action End.DT6 table main",
      ),
    },
    { ...plain, requiredKeys: weighted ? ["dev", "weight", "flags"] : ["dev", "flags"] },
  );
}

const attributes = fc.uniqueArray(
  fc.constantFrom("mtu 1450", "mtu lock 1400", "advmss 1410", "hoplimit 64", "realms 4/5", "congctl cubic"),
  {
    minLength: 1,
    maxLength: 3,
  },
);

/** Any route that a table may have, without its place. */
export function route(family: Family): fc.Arbitrary<Route> {
  const nexthops = fc.oneof(
    fc
      .array(nexthop(family, false), { minLength: 1, maxLength: 1 })
      .map((hops) => hops.map(({ weight: _, ...hop }) => hop)),
    fc.array(nexthop(family, true), { minLength: 2, maxLength: 4 }),
  );
  const common = {
    family: fc.constant(family),
    dst: fc.oneof(
      { arbitrary: prefix(family), weight: 5 },
      { arbitrary: fc.constant({ family, value: 0n, length: 0 }), weight: 1 },
    ),
    table,
    protocol: fc.constantFrom("kernel", "static", "dhcp", "bird", "77"),
    scope: fc.constantFrom("link", "host", "site"),
    src: address(family),
    metric: u32,
    tos: fc.integer({ min: 1, max: 255 }),
    nhid: u32,
    attributes,
    // What IPv6 alone has.
    ...(family === 6 ? { pref: fc.constantFrom("low", "medium", "high"), from: prefix(family) } : {}),
    place: fc.constant(nowhere),
  };
  const required = ["family", "dst", "table", "place", "type", "nexthops"] as const;
  const leading = fc.record(
    { ...common, type: fc.constantFrom("unicast", "local", "broadcast", "multicast", "anycast"), nexthops },
    { ...plain, requiredKeys: [...required] },
  );
  const closing = fc.record(
    { ...common, type: fc.constantFrom("unreachable", "prohibit", "blackhole", "throw"), nexthops: fc.constant([]) },
    { ...plain, requiredKeys: [...required] },
  );
  return fc.oneof({ arbitrary: leading, weight: 4 }, { arbitrary: closing, weight: 1 }).map((parts) => parts as Route);
}
