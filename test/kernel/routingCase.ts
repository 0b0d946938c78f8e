import * as fc from "fast-check";
import { type Address, type Family, familyBits, formatAddress } from "../../server/src/core/net/address.js";
import {
  firstAddress,
  formatPrefix,
  lastAddress,
  networkOf,
  type Prefix,
  parsePrefix,
} from "../../server/src/core/net/prefix.js";

/** A set of rules and routes, as `ip` commands, with the questions to ask. */
export interface RoutingCase {
  readonly family: Family;
  /** Settings of all devices and of each one. */
  readonly sysctls: readonly DeviceSettings[];
  /** Words behind `ip rule add`. Empty for a namespace with its default rules alone. */
  readonly rules: readonly string[];
  /** Where `lookup local` moves, as Cilium does it. */
  readonly localPriority: number | undefined;
  /** Words behind `ip route add`. */
  readonly routes: readonly string[];
  /** The device v3 loses its carrier after its routes are there. */
  readonly carrierLost: boolean;
  /** Words behind `ip route get`. */
  readonly queries: readonly string[];
}

/** Values under net.ipv4.conf. */
export interface DeviceSettings {
  readonly device: string;
  readonly values: Readonly<Record<string, number>>;
}

export const devices = ["v0", "v1", "v2", "v3"] as const;

/** Prefixes that nest and touch, so that rules and routes meet. Each device has one of the own addresses. */
export const pools = {
  4: {
    own: ["10.0.0.2", "10.0.1.2", "10.0.2.2", "10.0.3.2"],
    ownLength: 24,
    gateways: ["10.0.0.1", "10.0.0.9", "10.0.1.1", "10.0.1.9", "10.0.2.1", "10.0.2.9", "10.0.3.1", "10.0.3.9"],
    seeds: ["20.1.2.3", "20.1.2.131", "20.200.0.9", "150.7.7.7", "10.0.0.55", "10.0.1.77", "10.0.2.200", "192.168.9.9"],
    lengths: [0, 1, 2, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 28, 31, 32],
    suppressed: [0, 0, 0, 8, 16, 24],
    icmp: "icmp",
  },
  6: {
    own: ["2001:db8::2", "2001:db8:1::2", "2001:db8:2::2", "2001:db8:3::2"],
    ownLength: 64,
    gateways: ["2001:db8::1", "2001:db8::9", "2001:db8:1::1", "2001:db8:1::9", "2001:db8:2::1", "2001:db8:3::9"],
    seeds: [
      "2600:1:2:3::5",
      "2600:1:2:3:8000::7",
      "2600:9::1",
      "2a00:7::7",
      "2001:db8::55",
      "2001:db8:1::77",
      "fd00:1::9",
    ],
    lengths: [0, 1, 3, 16, 29, 32, 33, 47, 48, 49, 56, 63, 64, 65, 127, 128],
    suppressed: [0, 0, 0, 32, 48, 64],
    icmp: "ipv6-icmp",
  },
} as const;

const marks = ["0x1", "0x2", "0x100", "0x200", "0x2ff", "0xa00", "0xca6c", "0x80000000", "0xffffffff"];
const masks = ["0xff", "0xf00", "0xf", "0x1", "0xffffffff", "0x80000000", "0"];
const tables = ["main", "main", "main", "100", "100", "101", "102", "default", "4000000000"];
const errors = ["unreachable", "prohibit", "blackhole"];
const priorities = [3, 7, 11, 11, 20, 20, 33, 42, 58, 100, 5000, 32765, 32766, 40000];

const pick = (words: readonly (string | number)[]) => fc.constantFrom(...words).map(String);

/** The words, or none, with a chance of `percent` for the words. Shrinks to none. */
function sometimes(percent: number, words: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fc.constant("") }, { weight: percent, arbitrary: words });
}

function sentence(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((words) => words.filter((word) => word !== "").join(" "));
}

const keyed = (keyword: string, value: fc.Arbitrary<string>) => value.map((word) => `${keyword} ${word}`);

function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new Error(`${text} is no prefix`);
  return prefix;
}

/** A prefix around one of the seeds, now and then the one beside it. */
function prefixes(family: Family): fc.Arbitrary<Prefix> {
  const { seeds, lengths } = pools[family];
  return fc.tuple(fc.constantFrom(...seeds), fc.constantFrom(...lengths), fc.nat(9)).map(([seed, length, dice]) => {
    const bits = familyBits(family);
    const flipped = dice === 0 && length > 0 ? 1n << BigInt(bits - length) : 0n;
    const address = prefixOf(seed);
    return networkOf({ family, value: address.value ^ flipped, length });
  });
}

/** An address in, at the edge of, or next to a prefix of the pool; kept out of the ranges that are not routed like others. */
function addresses(family: Family): fc.Arbitrary<string> {
  const near = fc
    .tuple(prefixes(family), fc.constantFrom(0n, 1n, -1n, 5n), fc.boolean())
    .map(([prefix, step, atEnd]) => {
      const edge = atEnd ? lastAddress(prefix) : firstAddress(prefix);
      return BigInt.asUintN(familyBits(family), edge.value + (atEnd ? -step : step));
    });
  const beside = fc
    .tuple(fc.constantFrom(...pools[family].seeds, ...pools[family].own), fc.constantFrom(0n, 1n, -1n))
    .map(([seed, step]) => prefixOf(seed).value + step);
  return fc
    .oneof({ weight: 5, arbitrary: near }, { weight: 3, arbitrary: beside })
    .map(
      (value): Address => ({ family, value: isRouted(family, value) ? value : prefixOf(pools[family].seeds[0]).value }),
    )
    .map(formatAddress);
}

function isRouted(family: Family, value: bigint): boolean {
  if (family === 6) return value >> 125n === 1n || value >> 121n === 0x7en;
  const first = value >> 24n;
  return first !== 0n && first !== 127n && first < 224n;
}

function rules(family: Family): fc.Arbitrary<string> {
  const pool = pools[family];
  const prefix = prefixes(family).map(formatPrefix);
  const ports = pick(["1000", "1000-2000", "1-65534", "53", "443", "400-500"]);
  const lookup = sentence(
    keyed("lookup", pick([...tables, "777", "local"])),
    sometimes(18, keyed("suppress_prefixlength", pick(pool.suppressed))),
    sometimes(5, fc.constant("suppress_ifgroup 7")),
  );
  return sentence(
    sometimes(12, fc.constant("not")),
    keyed("pref", pick(priorities)),
    sometimes(45, keyed("from", fc.oneof(pick(pool.own), prefix))),
    sometimes(40, keyed("to", prefix)),
    sometimes(
      18,
      keyed(
        "fwmark",
        fc.tuple(pick(marks), sometimes(60, pick(masks))).map((pair) => pair.filter(Boolean).join("/")),
      ),
    ),
    sometimes(15, keyed("iif", pick(["lo", ...devices, "nope0"]))),
    sometimes(8, keyed("oif", pick(["v0", "v1", "v2", "nope1"]))),
    sometimes(8, keyed("tos", pick(["0x04", "0x08", "0x10", "0x18", "0x1c"]))),
    sometimes(6, keyed("uidrange", pick(["0-0", "1000-2000", "0-4294967294", "1500-1500"]))),
    sometimes(12, keyed("ipproto", pick(["tcp", "udp", pool.icmp]))),
    sometimes(8, keyed("sport", ports)),
    sometimes(10, keyed("dport", ports)),
    fc.oneof(
      { weight: 80, arbitrary: lookup },
      { weight: 10, arbitrary: pick(errors) },
      { weight: 4, arbitrary: fc.constant("nop") },
      { weight: 6, arbitrary: keyed("goto", pick([...priorities, 31000])) },
    ),
  );
}

function routes(family: Family): fc.Arbitrary<string> {
  const { gateways } = pools[family];
  const destination = fc.oneof(
    { weight: 22, arbitrary: fc.constant("default") },
    { weight: 78, arbitrary: prefixes(family).map(formatPrefix) },
  );
  const tos = family === 4 ? sometimes(8, keyed("tos", pick(["0x04", "0x08", "0x10", "0x18"]))) : fc.constant("");
  const metric = sometimes(40, keyed("metric", pick([5, 10, 20])));
  const table = keyed("table", pick(tables));
  const hop = fc.oneof(
    { weight: 4, arbitrary: keyed("via", pick(gateways)) },
    { weight: 1, arbitrary: keyed("dev", pick(devices)) },
  );
  const multipath = fc
    .tuple(fc.uniqueArray(fc.constantFrom(...gateways), { minLength: 2, maxLength: 3 }), fc.integer({ min: 1, max: 3 }))
    .map(([hops, weight]) => hops.map((gateway) => `nexthop via ${gateway} weight ${weight}`).join(" "));
  const source = family === 4 ? sometimes(10, keyed("src", pick(pools[4].own))) : fc.constant("");
  const sourceSpecific =
    family === 6
      ? sometimes(
          10,
          keyed(
            "from",
            prefixes(6)
              .filter(({ length }) => length > 0)
              .map(formatPrefix),
          ),
        )
      : fc.constant("");
  const preference = family === 6 ? sometimes(15, keyed("pref", pick(["low", "medium", "high"]))) : fc.constant("");
  return fc.oneof(
    { weight: 68, arbitrary: sentence(destination, sourceSpecific, tos, hop, table, metric, source, preference) },
    { weight: 11, arbitrary: sentence(destination, tos, table, metric, source, multipath) },
    { weight: 18, arbitrary: sentence(pick([...errors, "throw", "throw"]), destination, tos, table, metric) },
    {
      weight: 3,
      arbitrary: sentence(
        fc.constant("local"),
        destination,
        fc.constant("dev lo"),
        keyed("table", pick(["local", "100", "101"])),
      ),
    },
  );
}

function queries(family: Family): fc.Arbitrary<string> {
  const pool = pools[family];
  const own = keyed("from", pick(pool.own));
  const foreign = keyed("from", addresses(family));
  const local = sentence(
    sometimes(40, fc.oneof({ weight: 9, arbitrary: own }, { weight: 1, arbitrary: foreign })),
    sometimes(10, keyed("oif", pick(devices))),
    sometimes(25, keyed("uid", pick([0, 1000, 1500, 2000, 2001]))),
  );
  const forwarded = sentence(
    fc.oneof({ weight: 1, arbitrary: own }, { weight: 4, arbitrary: foreign }),
    keyed("iif", pick(devices)),
  );
  const port = pick([1, 53, 80, 256, 443, 999, 1000, 1500, 2001, 40000]);
  const transport = fc.oneof(
    fc.constant(`ipproto ${pool.icmp}`),
    sentence(
      keyed("ipproto", pick(["tcp", "udp"])),
      sometimes(80, keyed("sport", port)),
      sometimes(80, keyed("dport", port)),
    ),
  );
  return sentence(
    addresses(family),
    fc.oneof({ weight: 3, arbitrary: local }, { weight: 2, arbitrary: forwarded }),
    sometimes(30, keyed("mark", pick([...marks, "0x201", "0x300", "3"]))),
    sometimes(20, keyed("tos", pick(["0x04", "0x08", "0x10", "0x18", "0x1c", "0xb8", "0x20"]))),
    sometimes(80, transport),
  );
}

/** Source validation off, so that `iif` asks for nothing but the look-up; or anything at all. */
function settings(): fc.Arbitrary<readonly DeviceSettings[]> {
  const bit = fc.constantFrom(0, 1);
  const open = { rp_filter: 0, accept_local: 1, src_valid_mark: 0, send_redirects: 0 };
  const drawn = fc.record({
    rp_filter: fc.constantFrom(0, 1, 2),
    accept_local: fc.constantFrom(0, 0, 1),
    src_valid_mark: bit,
    send_redirects: bit,
  });
  const all = ["all", ...devices];
  const values = fc.oneof(fc.constant(all.map(() => open)), fc.tuple(...all.map(() => drawn)));
  return fc.tuple(values, bit).map(([each, ignoring]) =>
    each.map((value, at) => ({
      device: all[at] ?? "all",
      values: at === 0 ? { ...value, ignore_routes_with_linkdown: ignoring } : value,
    })),
  );
}

/** Draws cases with up to `questions` queries each. */
export function routingCases(questions: number): fc.Arbitrary<RoutingCase> {
  return fc.constantFrom<Family>(4, 6).chain((family) =>
    fc.record({
      family: fc.constant(family),
      sysctls: settings(),
      rules: fc.oneof(
        { weight: 1, arbitrary: fc.constant([]) },
        { weight: 7, arbitrary: fc.array(rules(family), { minLength: 1, maxLength: 16, size: "max" }) },
      ),
      localPriority: fc.option(fc.constantFrom(...priorities), { freq: 5, nil: undefined }),
      routes: fc.array(routes(family), { minLength: 2, maxLength: 26, size: "max" }),
      carrierLost: fc.boolean(),
      queries: fc.array(queries(family), { minLength: 1, maxLength: questions, size: "max" }),
    }),
  );
}
