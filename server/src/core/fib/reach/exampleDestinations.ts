import type { Family } from "../../net/address.js";
import { familyChange } from "../../state/familyChange.js";
import type { NodeState, Table } from "../../state/nodeState.js";
import { type AddressClasses, classesOfKeys } from "../addressClasses.js";
import { fibOf } from "../fibOf.js";

const known = new WeakMap<ReadonlyMap<number, Table>, AddressClasses>();

/**
 * All destinations in classes that the routes of a state do not tell apart, to take examples from: an address that a route is there for,
 * and no longer prefix of any table. Made once: a state in which only rules differ has the same tables.
 */
export function exampleDestinations(state: NodeState, family: Family): AddressClasses {
  const { tables } = state.families[family];
  const found = known.get(tables) ?? carriedClasses(state, family) ?? findClasses(state, family);
  known.set(tables, found);
  return found;
}

/** Those of the earlier state, where its tables hold the same. */
function carriedClasses(state: NodeState, family: Family): AddressClasses | undefined {
  const change = familyChange(state, family);
  return change?.tables.size === 0 ? known.get(change.before.families[family].tables) : undefined;
}

function findClasses(state: NodeState, family: Family): AddressClasses {
  const { tables } = fibOf(state, family);
  const lists = [...state.families[family].tables.keys()].flatMap((id) => tables.get(id)?.index ?? []);
  return classesOfKeys(family, lists);
}
