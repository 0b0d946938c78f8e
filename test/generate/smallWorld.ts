import * as fc from "fast-check";
import type { Family } from "../../server/src/core/net/address.js";

/** A node with a few rules and routes, as `ip` prints them: small enough to look up every kind of packet there is. */
export interface SmallWorld {
  readonly family: Family;
  /** Lines of `ip rule` in their order, the usual ones among them. */
  readonly rules: readonly string[];
  /** Lines of `ip route show table all`. */
  readonly routes: readonly string[];
}

/** Devices with their groups, of every kind that findings tell apart. */
export const deviceGroups: Readonly<Record<string, string>> = {
  eth0: "default",
  eth1: "7",
  cilium_host: "default",
  lxc0123456789ab: "default",
  wg0: "7",
  docker0: "default",
};

/** Addresses that nest and touch, the narrow ones in the wide ones. */
const pools = {
  4: {
    prefixes: [
      "10.0.0.0/8",
      "10.1.0.0/16",
      "10.1.1.0/24",
      "10.1.1.128/25",
      "10.1.1.7",
      "10.1.2.0/24",
      "0.0.0.0/1",
      "192.0.2.0/24",
      "192.0.2.10",
      "198.51.100.0/24",
    ],
    sources: ["192.0.2.10", "192.0.2.0/24", "10.1.1.7", "10.1.0.0/16", "0.0.0.0/1"],
    gateways: ["192.0.2.1", "192.0.2.2"],
    suppressed: ["0", "8", "16", "24"],
    fixed: [
      "default via 192.0.2.1 dev eth0",
      "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10",
      "local 192.0.2.10 dev eth0 table local proto kernel scope host src 192.0.2.10",
    ],
  },
  6: {
    prefixes: [
      "fd00::/8",
      "fd00:1::/32",
      "fd00:1:1::/48",
      "fd00:1:1:8000::/49",
      "fd00:1:1::7",
      "fd00:1:2::/48",
      "8000::/1",
      "2001:db8:2::/64",
      "2001:db8:2::10",
      "2001:db8:100::/48",
    ],
    sources: ["2001:db8:2::10", "2001:db8:2::/64", "fd00:1:1::7", "fd00:1::/32", "8000::/1"],
    gateways: ["2001:db8:2::1", "2001:db8:2::2"],
    suppressed: ["0", "8", "32", "48"],
    fixed: [
      "default via 2001:db8:2::1 dev eth0 metric 1024 pref medium",
      "2001:db8:2::/64 dev eth0 proto kernel metric 256 pref medium",
      "local 2001:db8:2::10 dev eth0 table local proto kernel metric 0 pref medium",
    ],
  },
} as const;

const tables = ["main", "5", "6", "7"];
const priorities = [10, 20, 30, 40, 50, 60, 70, 80];

/** Fields that rules ask for besides addresses. Protocol and ports make so many kinds of packets that they come alone. */
const fields = ["tos", "fwmark", "iif", "oif", "uidrange", "dscp"] as const;
type Field = (typeof fields)[number] | "transport";

/** What rules ask of a field, in words. */
const asked: Readonly<Record<Field, readonly string[]>> = {
  tos: ["tos 0x08", "tos 0x10"],
  fwmark: ["fwmark 0x1", "fwmark 0x1/0x1", "fwmark 0x2/0x2", "fwmark 0x3/0x3", "fwmark 0/0x1", "fwmark 0x200/0xf00"],
  iif: ["iif lo", "iif eth0", "iif eth1", "iif lxc0123456789ab", "iif gone0 [detached]"],
  oif: ["oif eth0", "oif eth1", "oif wg0"],
  uidrange: ["uidrange 0-0", "uidrange 1000-2000", "uidrange 1500-4000"],
  transport: ["ipproto tcp", "ipproto udp", "ipproto tcp dport 53", "sport 5-9", "dport 7-12", "dport 8/0xc"],
  dscp: ["dscp 0x2", "dscp 0x8/0x38", "dscp 0/0x38"],
};

interface DrawnRule {
  readonly not: boolean;
  readonly from: string;
  readonly to: string;
  readonly selectors: Readonly<Record<Field, string>>;
  readonly action: string;
  readonly suppressor: string;
}

const kept = (word: string, words: readonly string[], weight: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 10 - weight, arbitrary: fc.constant("") },
    { weight, arbitrary: fc.constantFrom(...words).map((each) => (word === "" ? each : `${word} ${each}`)) },
  );

function ruleWords(family: Family): fc.Arbitrary<DrawnRule> {
  const { prefixes, sources, suppressed } = pools[family];
  return fc.record({
    not: fc.nat(11).map((dice) => dice === 1),
    from: kept("from", sources, 6).map((words) => words || "from all"),
    to: kept("to", prefixes, 5),
    selectors: fc.record({
      tos: kept("", asked.tos, 4),
      fwmark: kept("", asked.fwmark, 5),
      iif: kept("", asked.iif, 5),
      oif: kept("", asked.oif, 4),
      uidrange: kept("", asked.uidrange, 5),
      transport: kept("", asked.transport, 6),
      dscp: kept("", asked.dscp, 4),
    }),
    action: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(...tables).map((table) => `lookup ${table}`) },
      { weight: 2, arbitrary: fc.constantFrom("unreachable", "prohibit", "blackhole", "nop") },
      { weight: 2, arbitrary: fc.constantFrom(...priorities, 32766).map((target) => `goto ${target}`) },
    ),
    suppressor: fc.oneof(
      { weight: 8, arbitrary: fc.constant("") },
      {
        weight: 2,
        arbitrary: fc.oneof(
          fc.constantFrom(...suppressed).map((length) => ` suppress_prefixlength ${length}`),
          fc.constant(" suppress_ifgroup 7"),
        ),
      },
    ),
  });
}

/** The rule as `ip rule` prints it, with the selectors of some fields only. */
function printWords({ not, from, to, selectors, action, suppressor }: DrawnRule, used: ReadonlySet<Field>): string {
  const { dscp, ...front } = selectors;
  const asks = Object.entries(front).flatMap(([field, words]) => (used.has(field as Field) ? [words] : []));
  const behind = used.has("dscp") && !used.has("tos") ? dscp : "";
  const lookup = action.startsWith("lookup") ? `${action}${suppressor}` : action;
  return [not ? "not" : "", from, to, ...asks, lookup, behind].filter((word) => word !== "").join(" ");
}

function routeLines(family: Family): fc.Arbitrary<string> {
  const { prefixes, gateways, sources } = pools[family];
  const destination = fc.oneof(
    { weight: 1, arbitrary: fc.constant("default") },
    { weight: 5, arbitrary: fc.constantFrom(...prefixes) },
  );
  const table = fc.constantFrom(...tables).map((name) => (name === "main" ? "" : `table ${name}`));
  const device = fc.constantFrom(...Object.keys(deviceGroups));
  const metric = kept("metric", ["10", "20"], 2);
  const tos = family === 4 ? kept("tos", ["0x08", "0x10"], 1) : fc.constant("");
  const source = family === 6 ? kept("from", sources, 1) : fc.constant("");
  const preference = family === 6 ? kept("pref", ["low", "high"], 1) : fc.constant("");
  const gateway = kept("via", gateways, 4);
  const made = fc
    .constantFrom("", "proto kernel scope link", "scope link")
    .map((words) => (family === 6 ? words.replace(/ ?scope link/, "") : words));
  const line = (...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((words) => words.filter((word) => word !== "").join(" "));
  const by = device.map((name) => `dev ${name}`);
  return fc.oneof(
    { weight: 10, arbitrary: line(destination, source, tos, gateway, by, table, made, metric, preference) },
    { weight: 2, arbitrary: line(fc.constantFrom("throw", "unreachable", "blackhole"), destination, table, metric) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(destination, table, device, device)
        .map(([to, name, one, other]) =>
          [
            [to, name].filter((word) => word !== "").join(" "),
            `\tnexthop via ${gateways[0]} dev ${one} weight 1`,
            `\tnexthop via ${gateways[1]} dev ${other} weight 1`,
          ].join("\n"),
        ),
    },
  );
}

function worldsOf(family: Family): fc.Arbitrary<SmallWorld> {
  return fc
    .record({
      used: fc.oneof(
        { weight: 1, arbitrary: fc.constant<Field[]>(["transport"]) },
        { weight: 5, arbitrary: fc.uniqueArray(fc.constantFrom(...fields), { maxLength: 2 }) },
      ),
      jumps: fc.nat(3).map((dice) => dice === 1),
      rules: fc.array(fc.tuple(fc.constantFrom(...priorities), ruleWords(family)), { minLength: 1, maxLength: 9 }),
      localPriority: fc.constantFrom(0, 0, 0, 25),
      routes: fc.array(routeLines(family), { minLength: 2, maxLength: 9 }),
    })
    .map(({ used, jumps, rules, localPriority, routes }) => {
      const own = rules.map(([priority, rule]) => {
        const action = rule.action.startsWith("goto") && !jumps ? "nop" : rule.action;
        return { priority, words: printWords({ ...rule, action }, new Set(used)) };
      });
      const usual = [
        { priority: localPriority, words: "from all lookup local" },
        { priority: 32766, words: "from all lookup main" },
        ...(family === 4 ? [{ priority: 32767, words: "from all lookup default" }] : []),
      ];
      const ordered = [...own, ...usual].sort((a, b) => a.priority - b.priority);
      const isTarget = (priority: string, at: number): boolean =>
        ordered.slice(at + 1).some((later) => `${later.priority}` === priority);
      return {
        family,
        rules: ordered.map(({ priority, words }, at) => {
          const goto = / goto (\d+)/.exec(words);
          const unresolved = goto && !isTarget(goto[1] ?? "", at) ? " [unresolved]" : "";
          return `${priority}:\t${words}${unresolved}`;
        }),
        routes: [...new Set([...pools[family].fixed, ...routes])],
      };
    });
}

/** Worlds of both families, out of small pools, so that rules, routes and packets meet. */
export const smallWorlds: fc.Arbitrary<SmallWorld> = fc.noBias(fc.oneof(worldsOf(4), worldsOf(6)));

/** The dump of a world, as a terminal shows it. */
export function dumpOf({ family, rules, routes }: SmallWorld): string {
  const ip = family === 4 ? "ip" : "ip -6";
  const links = Object.entries(deviceGroups).map(
    ([name, group], at) =>
      `${at + 2}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group ${group}`,
  );
  const forwarding = family === 6 ? ["$ sysctl net.ipv6.conf.all.forwarding", "net.ipv6.conf.all.forwarding = 1"] : [];
  return [
    "$ ip link",
    ...links,
    ...forwarding,
    `$ ${ip} rule`,
    ...rules,
    `$ ${ip} route show table all`,
    ...routes,
    "",
  ].join("\n");
}
