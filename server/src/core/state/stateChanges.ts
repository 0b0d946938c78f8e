import { tableWord } from "../iproute/names.js";
import { printRule } from "../iproute/printRule.js";
import type { Rule, TableRef } from "../iproute/rule.js";
import { sameRule } from "../iproute/sameRule.js";
import type { InterfaceAddress, Link, SysctlValue } from "../iproute/section.js";
import { type Family, formatAddress } from "../net/address.js";
import { alignLists } from "./alignLists.js";
import { type NodeState, reservedTables, type Table, tableId } from "./nodeState.js";
import { type RouteChanges, routeChanges } from "./routeChanges.js";

/** The same thing in two states, with something about it changed. */
export interface Changed<T> {
  readonly before: T;
  readonly after: T;
}

/** What became of one family's rules. */
export interface RuleChanges {
  readonly gone: readonly Rule[];
  readonly come: readonly Rule[];
  /** The same rule with another priority, or at another place among those of its priority. */
  readonly moved: readonly Changed<Rule>[];
}

/** What became of one table; `table` is that of the later state. */
export interface TableChanges extends RouteChanges {
  readonly family: Family;
  readonly table: Table;
}

/** An address that came to a device or went. */
export interface AddressChange {
  readonly link: Link;
  readonly address: InterfaceAddress;
}

/** Everything that two states of a node, both dumped, show differently. */
export interface StateChanges {
  readonly rules: Readonly<Partial<Record<Family, RuleChanges>>>;
  readonly tables: readonly TableChanges[];
  readonly links: {
    readonly gone: readonly Link[];
    readonly come: readonly Link[];
    readonly changed: readonly Changed<Link>[];
  };
  readonly addresses: { readonly gone: readonly AddressChange[]; readonly come: readonly AddressChange[] };
  readonly sysctls: readonly Changed<SysctlValue>[];
  /** What only one of the two shows, or not whole, so that nothing can be said of it; noun phrases. */
  readonly unknown: readonly string[];
}

const families: readonly Family[] = [4, 6];

/**
 * Compares what two states show. What one of them does not show whole is not said to have come or gone. The `local` table counts only where
 * both dumped it: else the addresses tell the same.
 */
export function stateChanges(before: NodeState, after: NodeState): StateChanges {
  const unknown: string[] = [];
  const rules = Object.fromEntries(
    families.flatMap((family) => {
      const changes = ruleChanges(before, after, family, unknown);
      return changes ? [[family, changes]] : [];
    }),
  );
  return {
    rules,
    tables: families.flatMap((family) => tableChanges(before, after, family, unknown)),
    ...linkChanges(before, after),
    sysctls: [...before.sysctls].flatMap(([key, value]) => {
      const now = after.sysctls.get(key);
      return now && now.value.trim() !== value.value.trim() ? [{ before: value, after: now }] : [];
    }),
    unknown,
  };
}

/** Whether nothing differs in what both states show. */
export function isUnchanged({ rules, tables, links, addresses, sysctls }: StateChanges): boolean {
  const lists = [
    ...Object.values(rules).flatMap(({ gone, come, moved }) => [gone, come, moved]),
    ...[links.gone, links.come, links.changed, addresses.gone, addresses.come, sysctls, tables],
  ];
  return lists.every(({ length }) => length === 0);
}

function ruleChanges(before: NodeState, after: NodeState, family: Family, unknown: string[]): RuleChanges | undefined {
  const [left, right] = [before.families[family], after.families[family]];
  if (!left.rules || !right.rules) {
    if (left.rules || right.rules) unknown.push(`the IPv${family} rules`);
    return undefined;
  }
  if (!left.rulesComplete || !right.rulesComplete) unknown.push(`some of the IPv${family} rules`);
  const [old, now] = [left.rules, right.rules];
  const exact = alignLists(
    old.map((rule): StatedRule => ({ state: before, rule })),
    now.map((rule): StatedRule => ({ state: after, rule })),
    ({ state, rule }) => printRule(numbered(state, rule)),
    (a, b) => sameRule(a.rule, b.rule),
  );
  // What is neither kept nor at another place may have another priority.
  const [gone, come] = [exact.gone.map((at) => old[at] as Rule), exact.come.map((at) => now[at] as Rule)];
  const byBody = alignLists(
    gone.map((rule): StatedRule => ({ state: before, rule })),
    come.map((rule): StatedRule => ({ state: after, rule })),
    ({ state, rule }) => printRule({ ...numbered(state, rule), priority: 0 }),
  );
  const pairs = [...byBody.kept, ...byBody.moved].map(([l, r]) => ({
    before: gone[l] as Rule,
    after: come[r] as Rule,
  }));
  return {
    gone: right.rulesComplete ? byBody.gone.map((at) => gone[at] as Rule) : [],
    come: left.rulesComplete ? byBody.come.map((at) => come[at] as Rule) : [],
    moved: [...exact.moved.map(([l, r]) => ({ before: old[l] as Rule, after: now[r] as Rule })), ...pairs],
  };
}

/** A rule and the state by which its table's name has a number. */
interface StatedRule {
  readonly state: NodeState;
  readonly rule: Rule;
}

/** One list may call a table by its name, another by its number. */
function numbered(state: NodeState, rule: Rule): Rule {
  const { action } = rule;
  return action.type === "lookup"
    ? { ...rule, action: { type: "lookup", table: tableKey(state, action.table) } }
    : rule;
}

function tableKey(state: NodeState, table: TableRef): TableRef {
  const id = tableId(state, table);
  return id !== undefined && id >= 0 ? { id } : { name: tableWord(table) };
}

function tableChanges(before: NodeState, after: NodeState, family: Family, unknown: string[]): TableChanges[] {
  const tablesOf = (state: NodeState) =>
    new Map([...state.families[family].tables.values()].map((table) => [tableWord(tableKey(state, table)), table]));
  const [old, now] = [tablesOf(before), tablesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): TableChanges[] => {
    const left = old.get(key) ?? absentTable(before, family, now.get(key));
    const right = now.get(key) ?? absentTable(after, family, old.get(key));
    const words = `table ${key} (IPv${family})`;
    if (!left || !right) {
      if ((left ?? right)?.origin !== "derived") unknown.push(words);
      return [];
    }
    if (left.origin === "derived" || right.origin === "derived") return [];
    if (left.origin === "partial" || right.origin === "partial") unknown.push(`some routes of ${words}`);
    const changes = routeChanges(left.routes, right.routes);
    const found = {
      family,
      table: right,
      gone: right.origin === "partial" ? [] : changes.gone,
      come: left.origin === "partial" ? [] : changes.come,
      moved: changes.moved,
    };
    return found.gone.length + found.come.length + found.moved.length > 0 ? [found] : [];
  });
}

/** A table that a listing of all tables does not have is empty. */
function absentTable(state: NodeState, family: Family, other: Table | undefined): Table | undefined {
  if (!other || !state.families[family].allTablesDumped || other.id === reservedTables.local) return undefined;
  return { ...other, routes: [], origin: "absent", exact: true };
}

function linkChanges(before: NodeState, after: NodeState): Pick<StateChanges, "links" | "addresses"> {
  const pairs = [...before.links.values()].flatMap((link) => {
    const now = after.links.get(link.name);
    return now ? [{ before: link, after: now }] : [];
  });
  const missing = (from: NodeState, other: NodeState) =>
    other.linksComplete ? [...from.links.values()].filter(({ name }) => !other.links.has(name)) : [];
  const [gone, come] = [missing(before, after), missing(after, before)];
  return {
    links: { gone, come, changed: pairs.filter((pair) => linkKey(pair.before) !== linkKey(pair.after)) },
    addresses: {
      gone: [
        ...pairs.flatMap((pair) => missingAddresses(pair.before, pair.after, after)),
        ...gone.flatMap(allAddresses),
      ],
      come: [
        ...pairs.flatMap((pair) => missingAddresses(pair.after, pair.before, before)),
        ...come.flatMap(allAddresses),
      ],
    },
  };
}

/** What of a device bears on its use; a brief list shows no flags and no size. */
function linkKey({ flags, state, master, group }: Link): string {
  const up = flags.length === 0 ? "" : `${flags.includes("UP")} ${flags.includes("NO-CARRIER")}`;
  return `${up} ${state ?? ""} ${master ?? ""} ${group ?? ""}`;
}

function allAddresses(link: Link): AddressChange[] {
  return link.addresses.map((address) => ({ link, address }));
}

/** Addresses of `link` that the same device in `state` lacks, in families of which `state` shows any address at all. */
function missingAddresses(link: Link, other: Link, state: NodeState): AddressChange[] {
  const has = new Set(other.addresses.map(addressKey));
  const shown = new Set(
    [...state.links.values()].flatMap(({ addresses }) => addresses.map(({ address }) => address.family)),
  );
  return allAddresses(link).filter(({ address }) => shown.has(address.address.family) && !has.has(addressKey(address)));
}

function addressKey({ address, prefixLength }: InterfaceAddress): string {
  return `${formatAddress(address)}/${prefixLength}`;
}
