import * as fc from "fast-check";
import type { Family } from "../../server/src/core/net/address.js";
import { familyBits, formatAddress } from "../../server/src/core/net/address.js";
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
  readonly sysctls: Readonly<Record<string, number>>;
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

/** Prefixes that nest and touch, so that rules and routes meet; the devices v0 to v3 have the own addresses. */
const pools = {
  4: {
    own: ["10.0.0.2", "10.0.1.2", "10.0.2.2", "10.0.3.2"],
    gateways: [0, 1, 2, 3].flatMap((net) => [`10.0.${net}.1`, `10.0.${net}.9`]),
    seeds: [
      "20.1.2.3",
      "20.1.2.131",
      "20.200.0.9",
      "150.7.7.7",
      "10.0.0.55",
      "10.0.1.77",
      "10.0.2.200",
      "10.0.3.4",
      "192.168.9.9",
    ],
    lengths: [0, 1, 2, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 28, 31, 32],
    suppressed: [0, 0, 0, 8, 16, 24],
    icmp: "icmp",
    everybody: "0.0.0.0/0",
  },
  6: {
    own: ["2001:db8::2", "2001:db8:1::2", "2001:db8:2::2", "2001:db8:3::2"],
    gateways: ["", "1:", "2:", "3:"].flatMap((net) => [`2001:db8:${net}:1`, `2001:db8:${net}:9`]),
    seeds: [
      "2600:1:2:3::5",
      "2600:1:2:3:8000::7",
      "2600:9::1",
      "2a00:7::7",
      "2001:db8::55",
      "2001:db8:1::77",
      "2001:db8:2::c8",
      "fd00:1::9",
    ],
    lengths: [0, 1, 3, 16, 29, 32, 33, 47, 48, 49, 56, 63, 64, 65, 127, 128],
    suppressed: [0, 0, 0, 32, 48, 64],
    icmp: "ipv6-icmp",
    everybody: "::/0",
  },
} as const;

const devices = ["v0", "v1", "v2", "v3"] as const;
const marks = [
  "0x1",
  "0x2",
  "0x100",
  "0x200",
  "0x201",
  "0x2ff",
  "0x300",
  "0xa00",
  "0xca6c",
  "0x80000000",
  "0xffffffff",
] as const;
const masks = ["0xff", "0xf00", "0xf", "0x1", "0xffffffff", "0x80000000", "0"] as const;
const tables = ["main", "main", "main", "100", "100", "101", "102", "default", "4000000000"] as const;

/** Present with a chance of `percent`, else no words. */
function sometimes(percent: number, words: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .option(words, { nil: "", freq: 100 / (100 - percent) - 1 > 1 ? Math.round(100 / (100 - percent) - 1) : 1 })
    .chain((word) =>
      percent >= 50 || word === "" ? fc.constant(word) : fc.nat(99).map((dice) => (dice < percent * 2 ? word : "")),
    );
}
