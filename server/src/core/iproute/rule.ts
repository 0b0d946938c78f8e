import type { Family } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Prefix } from "../net/prefix.js";
import type { Place, Span } from "../text/span.js";

/** A routing table as a dump names it: `lookup 100` has an id, `lookup wan` a name; well-known names have both. */
export interface TableRef {
  /** The number, where it is known: written so, one of the reserved names, or resolved by rt_tables. */
  readonly id?: number;
  /** The name, where one was written. */
  readonly name?: string;
}

/** Inclusive range of numbers. */
export interface NumberRange {
  readonly start: number;
  readonly end: number;
}

/** A device named by `iif` or `oif`. A detached one does not exist (any more) and never matches. */
export interface RuleDevice {
  readonly name: string;
  readonly detached: boolean;
}

/** What a rule compares. Absent = any. All must match (net/core/fib_rules.c: fib_rule_match), then `not` inverts the whole. */
export interface RuleSelector {
  readonly not: boolean;
  readonly from?: Prefix;
  readonly to?: Prefix;
  /** The tos byte; IPv4 compares its bits 0x1c, IPv6 all six DSCP bits. */
  readonly tos?: number;
  /** Six DSCP bits. */
  readonly dscp?: MaskedValue;
  readonly flowlabel?: MaskedValue;
  readonly fwmark?: MaskedValue;
  readonly iif?: RuleDevice;
  readonly oif?: RuleDevice;
  /** `lookup [l3mdev-table]`: matches flows of a VRF and looks up that VRF's table. */
  readonly l3mdev?: true;
  readonly uidrange?: NumberRange;
  /** IP protocol number. */
  readonly ipproto?: number;
  readonly sport?: NumberRange | MaskedValue;
  readonly dport?: NumberRange | MaskedValue;
  readonly tunId?: bigint;
}

/** What a rule does when it matches. Every type but `lookup`, `goto` and `nop` ends the walk with an error. */
export type RuleAction =
  | { readonly type: "lookup"; readonly table: TableRef }
  | { readonly type: "goto"; readonly target: number | undefined; readonly unresolved: boolean }
  | { readonly type: "nop" }
  | { readonly type: "unreachable" | "prohibit" | "blackhole" }
  /** An action the kernel answers with EINVAL: NAT (`masquerade`, `map-to`), `throw`, numbers it does not know. */
  | { readonly type: "invalid"; readonly words: string };

/** What a rule's words are about. */
export type RuleField =
  | "priority"
  | "not"
  | "from"
  | "to"
  | "tos"
  | "dscp"
  | "flowlabel"
  | "fwmark"
  | "iif"
  | "oif"
  | "uidrange"
  | "ipproto"
  | "sport"
  | "dport"
  | "tunId"
  | "action"
  | "suppressPrefixLength"
  | "suppressIfGroup"
  | "realms"
  | "protocol";

/** One rule of the routing policy database, as `ip rule` prints it. */
export interface Rule extends RuleSelector {
  readonly family: Family;
  /** u32; the walk goes by ascending priority, equal ones in the order of the dump. */
  readonly priority: number;
  /** An object of its own for each rule that was read; the same rule at another place of the text shares it (`perRule`). */
  readonly action: RuleAction;
  /** A result with a prefix length up to this is dropped and the walk goes on. */
  readonly suppressPrefixLength?: number;
  /** A result by a device of this group is dropped and the walk goes on. Number or name of the group. */
  readonly suppressIfGroup?: number | string;
  readonly realms?: string;
  /** Who made it (`proto static`, `kernel` ...); a number or name as written. Says nothing about matching. */
  readonly protocol?: string;
  /** Where the rule stands: its own text, without what surrounds it on the line. */
  readonly place: Place;
  /** Text behind the rule that is no part of its grammar: a remark, or a selector this reader does not know. */
  readonly rest?: Span;
  /** The rule may compare more than what was read (unknown words, a cut or redacted line): verdicts on it are conditional. */
  readonly incomplete: boolean;
}
