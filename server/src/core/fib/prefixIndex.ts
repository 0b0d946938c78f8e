import type { Prefix } from "../net/prefix.js";
import { carriedTo, type ListChange } from "../state/familyChange.js";
import {
  compareKeys,
  copyKey,
  emptyKeys,
  firstKeys,
  leafOf,
  linkLeaves,
  type PrefixKeys,
  type PrefixLeaves,
  readKeys,
} from "./prefixLeaves.js";

/** Routes by destination, for longest-prefix matching. */
export interface PrefixIndex<T> extends PrefixLeaves {
  /** Where each leaf's routes begin in `items`; one more entry marks the end. */
  readonly starts: Uint32Array;
  readonly items: readonly T[];
  /** Where each item stood in the list that was indexed; undefined where that was in the index's order. */
  readonly order: readonly number[] | undefined;
}

interface Routed {
  readonly dst: Prefix;
}

/** Builds the index. Routes of one prefix are ordered by `compare`, then as given; host bits of a prefix are ignored. */
export function buildPrefixIndex<T extends Routed>(
  routes: readonly T[],
  compare: (a: T, b: T) => number,
): PrefixIndex<T> {
  const unsorted = readKeys(routes);
  const order = sortedOrder(unsorted, routes, compare);
  const firsts = new Uint32Array(routes.length);
  const starts = new Uint32Array(routes.length + 1);
  let count = 0;
  let last = -1;
  for (let position = 0; position < routes.length; position++) {
    const at = order === undefined ? position : (order[position] as number);
    if (last < 0 || compareKeys(unsorted, last, unsorted, at) !== 0) {
      firsts[count] = at;
      starts[count++] = position;
    }
    last = at;
  }
  starts[count] = routes.length;
  const keys = emptyKeys(unsorted.words.length, count);
  for (let leaf = 0; leaf < count; leaf++) copyKey(unsorted, firsts[leaf] as number, keys, leaf);
  return { ...linkLeaves(keys), starts: starts.slice(0, count + 1), items: itemsOf(routes, order), order };
}

/** The routes of a list in the order of its index. */
export function itemsOf<T>(routes: readonly T[], order: readonly number[] | undefined): readonly T[] {
  return order === undefined ? routes : order.map((at) => routes[at] as T);
}

/** The positions of the routes in the index's order; `undefined` where they are in it already, as a dump of the kernel nearly is. */
function sortedOrder<T>(keys: PrefixKeys, routes: readonly T[], compare: (a: T, b: T) => number): number[] | undefined {
  const byRoute = (a: number, b: number): number =>
    compareKeys(keys, a, keys, b) || compare(routes[a] as T, routes[b] as T);
  let position = 1;
  while (position < routes.length && byRoute(position - 1, position) <= 0) position++;
  if (position >= routes.length) return undefined;
  return Array.from(routes, (_, at) => at).sort((a, b) => byRoute(a, b) || a - b);
}

/** The routes to just one prefix, the kernel's first choice first. */
export function routesTo<T>(index: PrefixIndex<T>, prefix: Prefix): readonly T[] {
  const leaf = leafOf(index, prefix);
  return leaf < 0 ? [] : index.items.slice(index.starts[leaf], index.starts[leaf + 1]);
}

/**
 * The index of a list that differs from the one that was indexed in one stretch: what `buildPrefixIndex` would answer, without reading
 * what did not change.
 */
export function patchPrefixIndex<T extends Routed>(
  old: PrefixIndex<T>,
  routes: readonly T[],
  change: ListChange,
  compare: (a: T, b: T) => number,
): PrefixIndex<T> {
  const byRoute = (a: number, b: number): number => compare(routes[a] as T, routes[b] as T) || a - b;
  const come = routes.slice(change.start, change.end);
  const fresh = readKeys(come);
  const turns = [...come.keys()].sort(
    (a, b) => compareKeys(fresh, a, fresh, b) || byRoute(change.start + a, change.start + b),
  );
  const oldCount = old.lengths.length;
  const keys = emptyKeys(Math.max(old.words.length, fresh.words.length), oldCount + come.length);
  const starts: number[] = [];
  const order: number[] = [];
  let turn = 0;
  for (let leaf = 0; leaf < oldCount || turn < turns.length; ) {
    const next = turns[turn];
    const side = leaf === oldCount ? 1 : next === undefined ? -1 : compareKeys(old, leaf, fresh, next);
    const start = order.length;
    if (side > 0) copyKey(fresh, next as number, keys, starts.length);
    else {
      copyKey(old, leaf, keys, starts.length);
      for (let item = old.starts[leaf] as number; item < (old.starts[leaf + 1] as number); item++) {
        const at = carriedTo(change, old.order?.[item] ?? item);
        if (at >= 0) order.push(at);
      }
      leaf++;
    }
    if (side >= 0) {
      const leading = next as number;
      for (let more = turns[turn]; more !== undefined && compareKeys(fresh, leading, fresh, more) === 0; ) {
        order.push(change.start + more);
        more = turns[++turn];
      }
      if (side === 0) order.push(...order.splice(start).sort(byRoute));
    }
    if (order.length > start) starts.push(start);
  }
  const leaves = linkLeaves(firstKeys(keys, starts.length));
  const isOrdered = order.every((at, position) => at === position);
  starts.push(order.length);
  return {
    ...leaves,
    starts: Uint32Array.from(starts),
    items: isOrdered ? routes : itemsOf(routes, order),
    order: isOrdered ? undefined : order,
  };
}
