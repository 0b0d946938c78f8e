import type { Address, Family } from "../net/address.js";
import type { Prefix } from "../net/prefix.js";
import type { Place, Span } from "../text/span.js";
import type { TableRef } from "./rule.js";

/** `RTN_*` of the kernel's rtnetlink.h, by iproute2's names. */
export type RouteType =
  | "unicast"
  | "local"
  | "broadcast"
  | "anycast"
  | "multicast"
  | "throw"
  | "unreachable"
  | "prohibit"
  | "blackhole"
  | "nat"
  | "xresolve"
  | "unspec";

export interface Nexthop {
  /** The gateway; of the other family for `via inet6 fe80::1` in an IPv4 route. */
  readonly via?: Address;
  readonly dev?: string;
  /** 1 to 256; only meaningful among several. */
  readonly weight?: number;
  /** `dead`, `linkdown`, `onlink`, `pervasive`, `offload` ... as printed. */
  readonly flags: readonly string[];
  readonly encap?: string;
}

/** One route, as `ip route` prints it. */
export interface Route {
  readonly family: Family;
  readonly type: RouteType;
  readonly dst: Prefix;
  /** IPv6 source-specific routes. */
  readonly from?: Prefix;
  readonly tos?: number;
  /** The route's own `via`/`dev` as the only element, or the `nexthop` lines. Empty for types that need none. */
  readonly nexthops: readonly Nexthop[];
  /** The table printed in the line (`table all`), else the one the command or heading named. */
  readonly table: TableRef;
  readonly protocol?: string;
  readonly scope?: string;
  /** Preferred source address. */
  readonly src?: Address;
  /** Lower wins among routes of one prefix. The kernel's default is 0 for IPv4 and 1024 for IPv6, where a dump prints it. */
  readonly metric?: number;
  readonly nhid?: number;
  /** IPv6 router preference. */
  readonly pref?: "low" | "medium" | "high";
  /** Attributes that do not influence the look-up (mtu, advmss, expires, realms, uid ...), as printed, in order. */
  readonly attributes?: readonly string[];
  /** Where the route stands, its `nexthop` lines included. */
  readonly place: Place;
  /** Text behind the route that is no part of its grammar: a remark, or words this reader does not know. */
  readonly rest?: Span;
  /** The line has words this reader does not know or breaks off: verdicts on it are conditional. */
  readonly incomplete?: true;
}
