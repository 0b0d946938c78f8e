import type { Route } from "../iproute/route.js";
import type { Rule, TableRef } from "../iproute/rule.js";
import type { Link, SysctlValue } from "../iproute/section.js";
import type { Family } from "../net/address.js";
import type { Problem } from "../text/span.js";

/** How we know a table's routes. */
export type TableOrigin =
  /** Printed by a dump of that table, whole. */
  | "dumped"
  /** Printed, but filtered, cut, or by a program that hides columns: other routes may exist. */
  | "partial"
  /** Not printed. The local table, put together from the node's addresses as the kernel does. */
  | "derived"
  /** Not printed, and a dump of all tables or the kernel's own word says that it does not exist. */
  | "absent";

/** One routing table of one family. */
export interface Table {
  readonly id: number;
  readonly name?: string;
  /** In the kernel's order of the dump. */
  readonly routes: readonly Route[];
  readonly origin: TableOrigin;
  /** For `derived`: whether the node's addresses were all shown (`ip addr`), or only some (`src` of routes). */
  readonly exact: boolean;
}

/** Rules and tables of one family. */
export interface FamilyState {
  /** In the kernel's order (priority, then dump order); `undefined` where no dump shows them. */
  readonly rules: readonly Rule[] | undefined;
  /** Whether the list of rules was printed whole. */
  readonly rulesComplete: boolean;
  /** Selectors that the printing program does not show; verdicts about rules are conditional on them. */
  readonly hiddenSelectors: readonly string[];
  /** By table id. A table that is not here was not dumped: what it holds is unknown, unless `allTablesDumped`. */
  readonly tables: ReadonlyMap<number, Table>;
  /** Whether a whole listing of `table all` was read: a table that is not here then does not exist. */
  readonly allTablesDumped?: boolean;
  /**
   * Whether a rule was added or deleted in the simulation. The first such change separates the IPv4 tables local and main for good, also
   * where only the default rules remain (net/ipv4/fib_rules.c: fib4_rule_configure, fib4_rule_delete).
   */
  readonly customRulesEver?: true;
}

/** Everything that is known of one host, merged from all its dumps. */
export interface NodeState {
  readonly name: string;
  readonly families: Readonly<Record<Family, FamilyState>>;
  /** By device name. Empty where no dump shows links. */
  readonly links: ReadonlyMap<string, Link>;
  readonly linksComplete: boolean;
  /** By dotted key. */
  readonly sysctls: ReadonlyMap<string, SysctlValue>;
  /** Names of tables. A name whose number no dump shows has a negative stand-in, which stands for that table alone. */
  readonly tableNames: ReadonlyMap<string, number>;
  /** What was dumped twice and differs, or could not be merged: each with its place. */
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
}

/** The kernel's reserved tables (include/uapi/linux/rtnetlink.h: rt_class_t). */
export const reservedTables = { unspec: 0, default: 253, main: 254, local: 255 } as const;

/** The number of a table, where it is known. */
export function tableId(state: Pick<NodeState, "tableNames">, table: TableRef): number | undefined {
  return table.id ?? (table.name === undefined ? undefined : state.tableNames.get(table.name));
}
