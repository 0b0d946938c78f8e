import type { RouteType } from "./route.js";
import type { TableRef } from "./rule.js";

/** Route types by number (include/uapi/linux/rtnetlink.h: RTN_*); `ip -N` prints the number. */
const routeTypes: readonly RouteType[] = [
  "unspec",
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "nat",
  "xresolve",
];

const routeTypeNames: ReadonlyMap<string, RouteType> = new Map(
  routeTypes.flatMap((type, number): [string, RouteType][] => [
    [type, type],
    [`${number}`, type],
  ]),
);

/** The route type of a word, by name or by number; `undefined` for any other word. */
export function routeTypeOf(word: string): RouteType | undefined {
  return routeTypeNames.get(word);
}

/** Routing protocols that iproute2 knows by name (its etc/iproute2/rt_protos). */
const protocolNames: ReadonlyMap<string, string> = new Map([
  ["0", "unspec"],
  ["1", "redirect"],
  ["2", "kernel"],
  ["3", "boot"],
  ["4", "static"],
  ["8", "gated"],
  ["9", "ra"],
  ["10", "mrt"],
  ["11", "zebra"],
  ["12", "bird"],
  ["13", "dnrouted"],
  ["14", "xorp"],
  ["15", "ntk"],
  ["16", "dhcp"],
  ["18", "keepalived"],
  ["42", "babel"],
  ["84", "ovn"],
  ["99", "openr"],
  ["186", "bgp"],
  ["187", "isis"],
  ["188", "ospf"],
  ["189", "rip"],
  ["192", "eigrp"],
]);

/** A protocol by its usual name where it has one, else the word itself. */
export function protocolName(word: string): string {
  return protocolNames.get(word) ?? word;
}

/** Scopes by number (include/uapi/linux/rtnetlink.h: rt_scope_t). */
const scopeNames: ReadonlyMap<string, string> = new Map([
  ["0", "global"],
  ["200", "site"],
  ["253", "link"],
  ["254", "host"],
  ["255", "nowhere"],
]);

/** A scope by its usual name where it has one, else the word itself. */
export function scopeName(word: string): string {
  return scopeNames.get(word) ?? word;
}

const unspecTable: TableRef = { id: 0, name: "unspec" };
const defaultTable: TableRef = { id: 253, name: "default" };

/** The table `main`. */
export const mainTable: TableRef = { id: 254, name: "main" };

/** The table `local`. */
export const localTable: TableRef = { id: 255, name: "local" };

const reserved: ReadonlyMap<string, TableRef> = new Map(
  [unspecTable, defaultTable, mainTable, localTable].flatMap((table): [string, TableRef][] => [
    [`${table.id}`, table],
    [`${table.name}`, table],
  ]),
);

/**
 * The table that a word names: a number up to 2^32 - 1, a reserved name, or a name of rt_tables. BusyBox prints numbers from
 * 2^31 on as negative ones. `undefined` for a number out of range.
 */
export function tableOf(word: string): TableRef | undefined {
  const known = reserved.get(word);
  if (known) return known;
  if (!/^-?\d+$/.test(word)) return { name: word };
  const number = Number(word);
  const id = number < 0 ? number + 2 ** 32 : number;
  return id < 0 || id >= 2 ** 32 ? undefined : { id };
}

/** The name of one of the kernel's own tables. */
export function reservedName(id: number): string | undefined {
  return reserved.get(`${id}`)?.name;
}

/** The word by which iproute2 names a table. */
export function tableWord(table: TableRef): string {
  return table.name ?? `${table.id ?? 0}`;
}

/** Values of the tos byte by name: RFC 2474 class selectors, RFC 2597, RFC 3246, and RFC 1349 / RFC 791 as old iproute2 prints them. */
const dsfieldNames: ReadonlyMap<string, number> = new Map([
  ["default", 0x00],
  ["CS0", 0x00],
  ["CS1", 0x20],
  ["CS2", 0x40],
  ["CS3", 0x60],
  ["CS4", 0x80],
  ["CS5", 0xa0],
  ["CS6", 0xc0],
  ["CS7", 0xe0],
  ["AF11", 0x28],
  ["AF12", 0x30],
  ["AF13", 0x38],
  ["AF21", 0x48],
  ["AF22", 0x50],
  ["AF23", 0x58],
  ["AF31", 0x68],
  ["AF32", 0x70],
  ["AF33", 0x78],
  ["AF41", 0x88],
  ["AF42", 0x90],
  ["AF43", 0x98],
  ["EF", 0xb8],
  ["VOICE-ADMIT", 0xb0],
  ["LE", 0x04],
  ["lowdelay", 0x10],
  ["throughput", 0x08],
  ["reliability", 0x04],
  ["mincost", 0x02],
  ["priority", 0x20],
  ["immediate", 0x40],
  ["flash", 0x60],
  ["flash-override", 0x80],
  ["critical", 0xa0],
  ["internet", 0xc0],
  ["network", 0xe0],
]);

/** The tos byte of a name of rt_dsfield. */
export function dsfieldOf(name: string): number | undefined {
  return dsfieldNames.get(name);
}

const newDsfieldName = /^(?:default|CS[1-7]|AF\d\d|EF)$/;
const dscpNames: ReadonlyMap<number, string> = new Map(
  [...dsfieldNames].filter(([name]) => newDsfieldName.test(name)).map(([name, tos]) => [tos >> 2, name]),
);

/** The name by which iproute2 prints six DSCP bits, if it has one. */
export function dscpName(dscp: number): string | undefined {
  return dscpNames.get(dscp);
}

/** IP protocols by the names of /etc/protocols (IANA's registry). */
const ipProtocolNames: ReadonlyMap<string, number> = new Map([
  ["ip", 0],
  ["hopopt", 0],
  ["icmp", 1],
  ["igmp", 2],
  ["ggp", 3],
  ["ipencap", 4],
  ["ipv4", 4],
  ["st", 5],
  ["tcp", 6],
  ["egp", 8],
  ["igp", 9],
  ["udp", 17],
  ["dccp", 33],
  ["ipv6", 41],
  ["ipv6-route", 43],
  ["ipv6-frag", 44],
  ["rsvp", 46],
  ["gre", 47],
  ["esp", 50],
  ["ipsec-esp", 50],
  ["ah", 51],
  ["ipsec-ah", 51],
  ["ipv6-icmp", 58],
  ["icmpv6", 58],
  ["ipv6-nonxt", 59],
  ["ipv6-opts", 60],
  ["eigrp", 88],
  ["ospf", 89],
  ["ipip", 94],
  ["etherip", 97],
  ["pim", 103],
  ["ipcomp", 108],
  ["vrrp", 112],
  ["l2tp", 115],
  ["sctp", 132],
  ["mobility-header", 135],
  ["udplite", 136],
  ["mpls-in-ip", 137],
]);

const ipProtocolNumbers: ReadonlyMap<number, string> = new Map(
  [...ipProtocolNames].reverse().map(([name, number]) => [number, name]),
);

/** The number of an IP protocol by name, by number, or as iproute2 prints one without a name (`ipproto-200`). */
export function ipProtocolOf(word: string): number | undefined {
  const digits = /^(?:ipproto-)?(\d{1,3})$/.exec(word)?.[1];
  if (digits !== undefined) return Number(digits) <= 255 ? Number(digits) : undefined;
  return ipProtocolNames.get(word.toLowerCase());
}

/** The word by which iproute2 prints an IP protocol. */
export function ipProtocolName(number: number): string {
  return ipProtocolNumbers.get(number) ?? `ipproto-${number}`;
}
