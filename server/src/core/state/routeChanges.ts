import { printRoute } from "../iproute/printRoute.js";
import type { Nexthop, Route } from "../iproute/route.js";
import { type Address, sameAddress } from "../net/address.js";
import type { Prefix } from "../net/prefix.js";
import { alignLists } from "./alignLists.js";

/** What became of the routes of one table. */
export interface RouteChanges {
  readonly gone: readonly Route[];
  readonly come: readonly Route[];
  /** The same route at another place of the list; the order counts among routes of one prefix and metric. */
  readonly moved: readonly { readonly before: Route; readonly after: Route }[];
}

const noChanges: RouteChanges = { gone: [], come: [], moved: [] };

/** Compares two lists of routes of one table. Linear where little changed: what the lists begin and end with in common is passed over. */
export function routeChanges(before: readonly Route[], after: readonly Route[]): RouteChanges {
  if (before === after) return noChanges;
  const { gone, come, moved } = alignLists(before, after, routeKey, sameRoute);
  return {
    gone: gone.map((at) => before[at] as Route),
    come: come.map((at) => after[at] as Route),
    moved: moved.map(([from, to]) => ({ before: before[from] as Route, after: after[to] as Route })),
  };
}

/** What the kernel counts down or up as time goes by. */
const passing = /^(?:expires|age|used|users|cache|error)\b/;

/** A route as printed, in whatever way its table was called, without what changes by itself. */
export function routeKey(route: Route): string {
  const { attributes, ...rest } = route;
  return printRoute({ ...rest, table: { id: 254 }, attributes: lasting(attributes) });
}

function lasting(attributes: readonly string[] = []): readonly string[] {
  return attributes.filter((attribute) => !passing.test(attribute));
}

function sameRoute(a: Route, b: Route): boolean {
  if (a === b) return true;
  return (
    a.type === b.type &&
    samePrefixAsWritten(a.dst, b.dst) &&
    samePrefixAsWritten(a.from, b.from) &&
    a.tos === b.tos &&
    a.metric === b.metric &&
    a.protocol === b.protocol &&
    a.scope === b.scope &&
    a.nhid === b.nhid &&
    a.pref === b.pref &&
    alike(a.src, b.src) &&
    sameHops(a.nexthops, b.nexthops) &&
    sameWords(lasting(a.attributes), lasting(b.attributes))
  );
}

function alike(a: Address | undefined, b: Address | undefined): boolean {
  return a === b || sameAddress(a, b);
}

function samePrefixAsWritten(a: Prefix | undefined, b: Prefix | undefined): boolean {
  return alike(a, b) && a?.length === b?.length;
}

function sameHops(a: readonly Nexthop[], b: readonly Nexthop[]): boolean {
  return (
    a.length === b.length &&
    a.every((hop, at) => {
      const other = b[at];
      return (
        other !== undefined &&
        hop.dev === other.dev &&
        alike(hop.via, other.via) &&
        hop.weight === other.weight &&
        hop.encap === other.encap &&
        sameWords(hop.flags, other.flags)
      );
    })
  );
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}
