import type { Victim } from "../../findings/finding.js";
import type { Rule, TableRef } from "../../iproute/rule.js";
import { familyBits } from "../../net/address.js";
import { aggregatePrefixes, containsPrefix, networkOf, type Prefix, samePrefix } from "../../net/prefix.js";

/** A destination and the table in which it is to be looked up. */
export interface Wanted {
  readonly to: Prefix;
  readonly table: TableRef;
  /** Whether it is a range of pods' addresses: a cluster may add another one later. */
  readonly isPodRange: boolean;
}

/** Up to this many prefixes get a rule each, so that every rule can be told by its route; more are put together. */
const readablePrefixes = 4;

function tableOf({ otherwise }: Victim): TableRef {
  const { id, name } = otherwise.table;
  return { id, ...(name === undefined ? {} : { name }) };
}

/** The part of a victim's prefix that the shadowing rule takes. */
function takenPrefix(rule: Rule, { route }: Victim): Prefix {
  return networkOf(rule.to && !rule.not && rule.to.length > route.dst.length ? rule.to : route.dst);
}

/** A victim inside another one is looked up in the same table by the wider one's rule. */
export function withoutNested(victims: readonly Victim[]): Victim[] {
  return victims.filter(
    ({ route, otherwise }) =>
      !victims.some(
        (other) =>
          other.otherwise.table.id === otherwise.table.id &&
          containsPrefix(other.route.dst, route.dst) &&
          !samePrefix(other.route.dst, route.dst),
      ),
  );
}

/** What a rule must leave to other tables, in the fewest prefixes that hold nothing else where there are many. */
export function wantedRoutes(rule: Rule, victims: readonly Victim[]): readonly Wanted[] {
  const wanted = withoutNested(victims).map((victim) => ({
    to: takenPrefix(rule, victim),
    table: tableOf(victim),
    isPodRange: victim.kind === "pods" && victim.route.dst.length < familyBits(rule.family),
  }));
  const [first] = wanted;
  if (!first || wanted.length <= readablePrefixes || wanted.some(({ table }) => table.id !== first.table.id))
    return wanted;
  const isPodRange = wanted.some((each) => each.isPodRange);
  return aggregatePrefixes(wanted.map(({ to }) => to)).map((to) => ({ to, table: first.table, isPodRange }));
}
