import { printRoute } from "../iproute/printRoute.js";
import type { Route } from "../iproute/route.js";
import type { TableRef } from "../iproute/rule.js";
import type { RouteSection } from "../iproute/section.js";
import type { Problem } from "../text/span.js";
import { describeDifference, isQuotation } from "./listDifference.js";
import { type Table, tableId } from "./nodeState.js";

export interface MergedTables {
  readonly tables: Map<number, Table>;
  readonly allTablesDumped: boolean;
  readonly problems: readonly Problem[];
}

/** What one dump says about one table. */
interface Listing {
  readonly section: RouteSection;
  readonly routes: readonly Route[];
}

/**
 * One family's tables out of all lists of routes. For each table the last whole list counts, or the kernel's word that there is none;
 * filtered and cut lists, and those of programs that hide columns, count together where there is no whole one.
 */
export function mergeTables(sections: readonly RouteSection[], tableNames: ReadonlyMap<string, number>): MergedTables {
  const idOf = (table: TableRef) => tableId({ tableNames }, table);
  const nameOf = new Map([...tableNames].map(([name, id]) => [id, name]));
  const problems: Problem[] = [];
  const tables = new Map<number, Table>();
  for (const [id, { name, listings }] of listingsByTable(sections, idOf)) {
    const known = name ?? nameOf.get(id);
    const named = known === undefined ? { id } : { id, name: known };
    const whole = listings.filter(({ section }) => isWhole(section));
    const last = lastListing(whole, named, problems);
    if (last?.section.tableMissing) tables.set(id, { ...named, routes: [], origin: "absent", exact: true });
    else if (last) tables.set(id, { ...named, routes: last.routes, origin: "dumped", exact: true });
    else tables.set(id, { ...named, routes: together(listings), origin: "partial", exact: false });
  }
  const allTablesDumped = sections.some((section) => section.table === undefined && isWhole(section));
  return { tables, allTablesDumped, problems };
}

/** A table as one list names it, with the routes that it has there. */
interface Group {
  readonly name: string | undefined;
  readonly routes: readonly Route[];
}

/** The listings of each table that any list names, in the order of the dumps. A whole list of all tables speaks of each of them. */
function listingsByTable(sections: readonly RouteSection[], idOf: (table: TableRef) => number | undefined) {
  const tables = new Map<number, { readonly name: string | undefined; readonly listings: Listing[] }>();
  const groupsOf = sections.map((section) => [section, routesByTable(section, idOf)] as const);
  for (const [, groups] of groupsOf) {
    for (const [id, { name }] of groups) if (!tables.has(id)) tables.set(id, { name, listings: [] });
  }
  for (const [section, groups] of groupsOf) {
    const others = section.table === undefined && isWhole(section) ? [] : undefined;
    for (const [id, { listings }] of tables) {
      const routes = groups.get(id)?.routes ?? others;
      if (routes) listings.push({ section, routes });
    }
  }
  return tables;
}

/** The routes of one list by their tables; the very list where it is of one. A heading that names no table: its routes are nobody's. */
function routesByTable(
  { table, routes }: RouteSection,
  idOf: (table: TableRef) => number | undefined,
): ReadonlyMap<number, Group> {
  const entries = routes.every(isEntry) ? routes : routes.filter(isEntry);
  if (table) {
    const id = idOf(table);
    return new Map(id === undefined ? [] : [[id, { name: table.name, routes: entries }]]);
  }
  const groups = new Map<number, Group & { readonly routes: Route[] }>();
  let last: TableRef | undefined;
  let group: Route[] = [];
  for (const route of entries) {
    // Routes of one table mostly follow one another, and share what they say of it.
    if (route.table !== last) {
      last = route.table;
      group = groupOf(groups, last, idOf(last));
    }
    group.push(route);
  }
  return groups;
}

function groupOf(
  groups: Map<number, Group & { readonly routes: Route[] }>,
  { name }: TableRef,
  id: number | undefined,
): Route[] {
  const known = id === undefined ? undefined : groups.get(id);
  if (known) return known.routes;
  const routes: Route[] = [];
  if (id !== undefined) groups.set(id, { name, routes });
  return routes;
}

/** Old kernels list their IPv6 cache between the entries. */
function isEntry({ attributes }: Route): boolean {
  return !attributes?.some((attribute) => attribute.startsWith("cache"));
}

/** BusyBox prints no nexthop lines and no tos, net-tools no types: their lists don't show all that the kernel looks at. */
function isWhole({ filter, cut, printedBy, hidden }: RouteSection): boolean {
  const hides = printedBy === "net-tools" || hidden?.includes("tos") || hidden?.includes("nexthop");
  return filter === undefined && !cut && !hides;
}

function lastListing(listings: readonly Listing[], table: TableRef, problems: Problem[]): Listing | undefined {
  // One list may call the table by its name, another by its number.
  const line = (route: Route) => printRoute({ ...route, table });
  let last: Listing | undefined;
  for (const listing of listings) {
    if (last) {
      const before = last.routes.map(line);
      const now = listing.routes.map(line);
      if (isQuotation(listing.section, now, before)) continue;
      const difference = describeDifference(before, now, "route");
      const message = `Table ${table.name ?? table.id} (IPv${listing.section.family}) is dumped once more here: ${difference}`;
      if (difference) problems.push({ place: listing.section.place, message });
    }
    last = listing;
  }
  return last;
}

function together(listings: readonly Listing[]): readonly Route[] {
  const known = new Map<string, Route>();
  for (const { routes } of listings) for (const route of routes) known.set(printRoute(route), route);
  return [...known.values()];
}
