import type { Route } from "../../iproute/route.js";
import { type AddressClasses, classCount, classesWithin } from "../addressClasses.js";
import type { ClassSet } from "../classSet.js";
import type { CompiledTable } from "../compiledTable.js";
import { outcomeOf } from "../sameOutcome.js";
import type { FlowSpace } from "./box.js";

/** What a table holds for each class of destinations: a run of classes from each start on. */
interface TableSegments {
  readonly starts: Int32Array;
  /** The leaf of each run, -1 for none. */
  readonly leaves: Int32Array;
  /** By the length up to which routes are suppressed: the same, with one leaf for all that do the same with every packet. */
  readonly ways: Map<number, Int32Array>;
}

const kept = new WeakMap<FlowSpace, WeakMap<CompiledTable, TableSegments>>();

/**
 * The classes of a set by the leaf of the table they come to; -1 for those without one.
 *
 * @param together set where leaves that do the same with every packet count as one: the first of them stands for all. What is suppressed,
 * up to a length, lets every packet pass.
 */
export function groupByLeaf(
  space: FlowSpace,
  table: CompiledTable,
  set: ClassSet,
  together: { readonly suppressed: number } | undefined,
): Map<number, ClassSet> {
  const segments = segmentsOf(space, table);
  const { starts } = segments;
  const chosen = together ? waysOf(space, table, segments, together.suppressed) : segments.leaves;
  const first = chosen[segmentAt(starts, set[0] ?? 0)] as number;
  let alike = true;
  eachRun((leaf) => {
    alike = leaf === first;
    return alike;
  });
  // Large sets mostly come to one leaf alike; they need no copy.
  if (alike) return new Map([[first, set]]);
  const groups = new Map<number, number[]>();
  eachRun((leaf, start, end) => {
    const group = groups.get(leaf);
    if (!group) groups.set(leaf, [start, end]);
    else if (group.at(-1) === start) group[group.length - 1] = end;
    else group.push(start, end);
    return true;
  });
  return groups;

  /** Goes over the set, cut where another leaf begins, until told to stop. */
  function eachRun(goOn: (leaf: number, start: number, end: number) => boolean): void {
    for (let range = 0; range < set.length; range += 2) {
      const end = set[range + 1] as number;
      let at = set[range] as number;
      for (let segment = segmentAt(starts, at); at < end; segment++) {
        const next = Math.min(end, starts[segment + 1] ?? end);
        if (!goOn(chosen[segment] as number, at, next)) return;
        at = next;
      }
    }
  }
}

/** The only route of a leaf, if that answers whatever the packet, and no other could in its place. */
export function plainRoute({ index, plain }: CompiledTable, leaf: number): Route | undefined {
  const at = index.starts[leaf] as number;
  return plain[at] === 1 && index.starts[leaf + 1] === at + 1 ? (index.items[at] as Route) : undefined;
}

function segmentsOf(space: FlowSpace, table: CompiledTable): TableSegments {
  const tables = kept.get(space) ?? new WeakMap<CompiledTable, TableSegments>();
  kept.set(space, tables);
  const known = tables.get(table) ?? cutSegments(space.dst, table);
  tables.set(table, known);
  return known;
}

function waysOf(
  { kinds }: FlowSpace,
  table: CompiledTable,
  { leaves, ways }: TableSegments,
  suppressed: number,
): Int32Array {
  const known = ways.get(suppressed);
  if (known) return known;
  const firsts = new Map<string, number>();
  const made = leaves.map((leaf) => {
    const route = leaf < 0 ? undefined : plainRoute(table, leaf);
    if (!route) return leaf;
    if (route.dst.length <= suppressed) return -1;
    const way = `${outcomeOf(route, [0])} ${kinds.ofRoute(route)}`;
    const first = firsts.get(way) ?? leaf;
    firsts.set(way, first);
    return first;
  });
  ways.set(suppressed, made);
  return made;
}

/** Leaves nest or are disjoint, and come by first address, then length: a stack of the open ones tells whose turn it is. */
function cutSegments(classes: AddressClasses, table: CompiledTable): TableSegments {
  const { index } = table;
  const starts: number[] = [0];
  const leaves: number[] = [-1];
  const open: { readonly leaf: number; readonly end: number }[] = [];
  const begin = (start: number, leaf: number) => {
    if (starts.at(-1) === start) leaves[leaves.length - 1] = leaf;
    else {
      starts.push(start);
      leaves.push(leaf);
    }
  };
  const closeUntil = (start: number) => {
    for (let last = open.at(-1); last && last.end <= start; last = open.at(-1)) {
      open.pop();
      begin(last.end, open.at(-1)?.leaf ?? -1);
    }
  };
  for (let leaf = 0; leaf < index.lengths.length; leaf++) {
    const { dst } = index.items[index.starts[leaf] as number] as Route;
    const [start = 0, end = 0] = classesWithin(classes, dst);
    closeUntil(start);
    begin(start, leaf);
    open.push({ leaf, end });
  }
  closeUntil(classCount(classes));
  return { starts: Int32Array.from(starts), leaves: Int32Array.from(leaves), ways: new Map() };
}

function segmentAt(starts: Int32Array, at: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
