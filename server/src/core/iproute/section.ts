import type { Address, Family } from "../net/address.js";
import type { Place, Problem, Span } from "../text/span.js";
import type { Route } from "./route.js";
import type { Rule, TableRef } from "./rule.js";

/** The command a section's output came from, as far as the paste shows it. */
export interface ShownCommand {
  /** The command line without its prompt. */
  readonly text: string;
  readonly place: Place;
}

interface SectionBase {
  readonly place: Place;
  readonly command?: ShownCommand;
  /** Which program printed it, as far as the text or the command tells. `unknown` is usual. */
  readonly printedBy: "iproute2" | "busybox" | "net-tools" | "unknown";
}

/** Output of `ip rule`. */
export interface RuleSection extends SectionBase {
  readonly kind: "rules";
  readonly family: Family;
  readonly rules: readonly Rule[];
  /** Words of the command that filtered the list (`from 10/8`, `table 100`): the list is not the whole. */
  readonly filter?: string;
  /** The list breaks off or has elided lines. */
  readonly cut: boolean;
  /** Selectors that the printing program is known not to show, e.g. `ipproto`, `not` (BusyBox). */
  readonly hidden: readonly string[];
  /** What the text's own peculiarities tell of the version of iproute2: at least, and older than. */
  readonly version?: { readonly atLeast?: string; readonly before?: string };
}

/** Output of `ip route` (one family, one or all tables), or of `route -n` / `netstat -rn`. */
export interface RouteSection extends SectionBase {
  readonly kind: "routes";
  readonly family: Family;
  /** The table the command named (main where it named none); `undefined` for `table all`, where each route names its own. */
  readonly table: TableRef | undefined;
  readonly routes: readonly Route[];
  readonly filter?: string;
  readonly cut: boolean;
  /** The kernel's own word that there is no such table (`FIB table does not exist`). */
  readonly tableMissing: boolean;
  /** What the printing program is known not to show of a route, e.g. `tos`, `nexthop` (BusyBox), `linkdown` (old iproute2). */
  readonly hidden?: readonly string[];
}

export interface InterfaceAddress {
  readonly address: Address;
  readonly prefixLength: number;
  readonly peer?: Address;
  readonly scope?: string;
  readonly flags: readonly string[];
  readonly place: Place;
}

/** A network device, from `ip addr`, `ip link` or their brief forms. */
export interface Link {
  readonly index?: number;
  readonly name: string;
  /** What stands behind `@`: the lower device, or `ifN` of another namespace. */
  readonly peer?: string;
  readonly flags: readonly string[];
  readonly mtu?: number;
  readonly state?: string;
  readonly master?: string;
  /** Device group, number or name (`default` = 0). */
  readonly group?: string;
  readonly linkLayer?: string;
  /** Of a VRF, as `ip -d link` shows it: the table that its devices look up (iproute2, ip/iplink_vrf.c: vrf_print_opt). */
  readonly vrfTable?: number;
  readonly addresses: readonly InterfaceAddress[];
  readonly place: Place;
}

/** Output of `ip addr` or `ip link`. */
export interface LinkSection extends SectionBase {
  readonly kind: "links";
  readonly links: readonly Link[];
  /** Whether addresses were listed (`ip addr`), of which families. Empty for `ip link`. */
  readonly addressFamilies: readonly Family[];
  readonly filter?: string;
  readonly cut: boolean;
}

export interface SysctlValue {
  /** Dotted, `net.ipv4.conf.eth0.rp_filter`; the device's own dots are kept as written in `/`-form keys. */
  readonly key: string;
  readonly value: string;
  readonly place: Place;
}

export interface SysctlSection extends SectionBase {
  readonly kind: "sysctls";
  readonly values: readonly SysctlValue[];
}

/** Names of tables: /etc/iproute2/rt_tables. */
export interface TableNameSection extends SectionBase {
  readonly kind: "tableNames";
  readonly names: readonly { readonly id: number; readonly name: string; readonly place: Place }[];
}

/** A command that changes rules or routes, in a script or typed into the pasted terminal. */
export interface ChangeSection extends SectionBase {
  readonly kind: "change";
  readonly verb: "add" | "del" | "replace" | "change" | "append" | "flush";
  /** The rule or route it names, where it could be read. A rule without priority has priority -1: the kernel chooses. */
  readonly rule?: Rule;
  readonly route?: Route;
}

export interface NeighbourSection extends SectionBase {
  readonly kind: "neighbours";
  readonly neighbours: readonly {
    readonly address: Address;
    readonly dev: string;
    readonly linkLayer?: string;
    readonly state: string;
    readonly place: Place;
  }[];
}

/** Packets that others than Cilium saw: tcpdump on a device, or the kernel, which logs the sources that it refuses. */
export interface PacketSection extends SectionBase {
  readonly kind: "packets";
  readonly packets: readonly {
    readonly src: Address;
    readonly dst: Address;
    readonly dev: string;
    /** The kernel says that it refused the packet because of its source ("martian source"). */
    readonly refused: boolean;
    readonly place: Place;
  }[];
}

/** The pods or endpoints that somebody listed: `cilium endpoint list` on this node, or `kubectl get pods -o wide` of the cluster. */
export interface EndpointSection extends SectionBase {
  readonly kind: "endpoints";
  readonly printer: "cilium" | "kubectl";
  readonly endpoints: readonly {
    readonly address: Address;
    /** A noun phrase: `endpoint 659`, `pod web-0`. */
    readonly name: string;
    /** The name of the node it runs on; only kubectl tells. */
    readonly node?: string;
    /** The node itself in the list of its endpoints. */
    readonly isHost: boolean;
    readonly place: Place;
  }[];
  /** The list is a selection, or breaks off. */
  readonly cut: boolean;
}

export type Section =
  | RuleSection
  | RouteSection
  | LinkSection
  | SysctlSection
  | TableNameSection
  | ChangeSection
  | NeighbourSection
  | PacketSection
  | EndpointSection;

/** All that was read from one text. */
export interface Transcript {
  readonly file: string;
  readonly sections: readonly Section[];
  /** Lines that look like a rule or route and can't be read, each reported once with the word that stopped it. */
  readonly problems: readonly Problem[];
  /** Spans of prompts, commands and remarks: read, and knowingly not data. For colours and folding. */
  readonly remarks: readonly Span[];
}
