/** Rows of both pieces, and steps of the search, which long packets that look alike could otherwise make many. A walk has a dozen events. */
const effort = 256;

/**
 * The order in which two pieces of a packet's walk make one: each piece keeps its own order, events of one CPU keep that of the file, and every
 * event may follow the one before it. Of several such orders the one nearest to the file's; `undefined` if there is none.
 *
 * @param a rows of the one piece, in the order of its walk
 * @param b rows of the other
 * @param cpu by row; 0 where it is not known
 * @param mayFollow whether the second row may come right after the first
 */
export function interleave(
  a: readonly number[],
  b: readonly number[],
  cpu: Uint16Array,
  mayFollow: (before: number, after: number) => boolean,
): number[] | undefined {
  if (a.length + b.length > effort) return undefined;
  const order: number[] = [];
  let steps = 0;

  /** Whether a row of the same CPU that the file shows earlier is still to come in the other piece. */
  function isTooEarly(row: number, others: readonly number[], from: number): boolean {
    if (cpu[row] === 0) return false;
    for (let at = from; at < others.length; at++) {
      const other = others[at] ?? 0;
      if (other < row && cpu[other] === cpu[row]) return true;
    }
    return false;
  }

  function take(row: number, fromA: number, fromB: number): boolean {
    const last = order.at(-1);
    if (last !== undefined && !mayFollow(last, row)) return false;
    order.push(row);
    if (search(fromA, fromB)) return true;
    order.pop();
    return false;
  }

  function search(fromA: number, fromB: number): boolean {
    if (++steps > effort) return false;
    const nextA = a[fromA];
    const nextB = b[fromB];
    if (nextA === undefined && nextB === undefined) return true;
    const takeA = () => nextA !== undefined && !isTooEarly(nextA, b, fromB) && take(nextA, fromA + 1, fromB);
    const takeB = () => nextB !== undefined && !isTooEarly(nextB, a, fromA) && take(nextB, fromA, fromB + 1);
    const aIsEarlier = nextA !== undefined && (nextB === undefined || nextA < nextB);
    return aIsEarlier ? takeA() || takeB() : takeB() || takeA();
  }

  return search(0, 0) ? order : undefined;
}
