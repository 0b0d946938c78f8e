import * as fc from "fast-check";

/** Dumps of rules and routes out of small pools of addresses, devices and tables, so that rules, routes and packets meet. */
const prefixes = [
  "10.1.0.0/16",
  "10.1.1.0/24",
  "10.1.1.0/25",
  "10.1.1.7",
  "10.1.2.0/24",
  "10.2.0.0/16",
  "10.0.0.0/8",
  "0.0.0.0/1",
  "192.0.2.0/24",
  "192.0.2.10",
];
const devices = ["eth0", "cilium_host", "wg0", "lxc0123456789ab", "docker0", "eni01234567890"];
const tables = ["main", "5", "6", "7", "default"];

/** The words, or none; each as often as the other. */
function maybe(words: fc.Arbitrary<string>, freq = 1): fc.Arbitrary<string> {
  return fc.option(words, { nil: "", freq }).map((drawn) => (drawn === "" ? "" : ` ${drawn}`));
}

const actions = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...tables).map((table) => `lookup ${table}`) },
  { weight: 2, arbitrary: fc.constantFrom(...tables).map((table) => `lookup ${table} suppress_prefixlength 0`) },
  { weight: 1, arbitrary: fc.constantFrom("unreachable", "blackhole", "goto 32766") },
);

/** What follows the priority. */
const selectors = fc
  .tuple(
    fc.nat(19).map((dice) => (dice === 0 ? "not " : "")),
    fc.oneof(fc.constant("all"), fc.constantFrom(...prefixes)),
    maybe(fc.constantFrom(...prefixes).map((to) => `to ${to}`)),
    maybe(fc.constantFrom("0x1", "0x1/0x3", "0x2/0x3", "0x2/0x2").map((mark) => `fwmark ${mark}`)),
    maybe(
      fc.oneof(
        fc.constantFrom(...devices).map((device) => `iif ${device}`),
        fc.constantFrom("ipproto tcp dport 53", "ipproto udp", "uidrange 0-99", "tos 0x08", "oif eth0"),
      ),
    ),
  )
  .map(([not, from, ...rest]) => `${not}from ${from}${rest.join("")}`);

/** A line of `ip rule` without its priority. */
const rules = fc.tuple(selectors, actions).map((words) => words.join(" "));

/** A line of `ip route show table all`. */
export const drawnRoutes: fc.Arbitrary<string> = fc
  .tuple(
    fc.nat(19).map((dice) => (dice === 0 ? "throw " : "")),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...prefixes) }, { weight: 1, arbitrary: fc.constant("default") }),
    maybe(fc.nat(3).map((host) => `via 192.0.2.${host + 1}`)),
    fc.constantFrom(...devices),
    maybe(fc.constantFrom("5", "6", "7").map((table) => `table ${table}`)),
    maybe(fc.constant("proto kernel")),
    maybe(fc.constant("scope link")),
  )
  .map(([type, to, via, dev, ...rest]) => `${type}${to}${via} dev ${dev}${rest.join("")}`);

/** A line of `ip rule`, with a priority between those of the usual rules. */
export const drawnRules: fc.Arbitrary<string> = fc
  .tuple(fc.nat(40), rules)
  .map(([place, words]) => `${100 + 10 * place}: ${words}`);

/** The lines of a dump: rules in their order, then all routes. */
function dumpOf(rules: readonly string[], routes: readonly string[]): string[] {
  return [
    "$ ip rule",
    "0: from all lookup local",
    ...rules.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
    "32766: from all lookup main",
    "32767: from all lookup default",
    "$ ip route show table all",
    "default via 192.0.2.1 dev eth0 table 5",
    ...routes,
    "10.1.0.0/16 via 192.0.2.3 dev cilium_host",
    "10.1.1.7 dev lxc0123456789ab scope link",
    "local 192.0.2.10 dev eth0 table local scope host",
    "broadcast 192.0.2.255 dev eth0 table local scope link",
  ];
}

/** A dump of few rules and routes, each unlike the others. */
export const drawnDumps: fc.Arbitrary<string[]> = fc
  .tuple(fc.array(drawnRules, { maxLength: 16 }), fc.array(drawnRoutes, { maxLength: 14 }))
  .map(([rules, routes]) => dumpOf(rules, routes));

const pods = fc.nat(60).map((host) => `10.1.1.${host + 10}`);

/** A line of `ip rule` as there is one for each pod; most pods' packets are looked up in table 5, which has a default route. */
export const podRules: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: pods.map((pod) => `512: from all to ${pod} lookup main`) },
  {
    weight: 5,
    arbitrary: fc.tuple(pods, fc.constantFrom(5, 5, 5, 6)).map((words) => `1536: from ${words.join(" lookup ")}`),
  },
  { weight: 1, arbitrary: pods.map((pod) => `1540: from ${pod} iif eth0 lookup 5`) },
);

/** A line of `ip route` as there is one for each pod; some are hosts behind a gateway, whose loss weighs less. */
export const podRoutes: fc.Arbitrary<string> = fc
  .tuple(pods, fc.nat(2))
  .map(([pod, dice]) =>
    dice === 0 ? `${pod} dev lxc${pod.slice(7).padStart(12, "0")} scope link` : `${pod} via 192.0.2.3 dev eth0`,
  );

/** A dump of many rules and routes that are alike, and a few that are not. */
export const drawnNodes: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.array(podRules, { minLength: 10, maxLength: 40, size: "max" }),
    fc.array(podRoutes, { minLength: 30, maxLength: 70, size: "max" }),
    fc.array(drawnRules, { maxLength: 2 }),
    fc.array(drawnRoutes, { maxLength: 3 }),
  )
  .map(([rules, routes, otherRules, others]) => dumpOf([...rules, ...otherRules], [...others, ...routes]));
