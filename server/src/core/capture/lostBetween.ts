import type { EventColumns } from "./columns/eventColumns.js";

/**
 * Whether the monitor says between two rows that it lost events. Which CPU's does not matter: a packet may move from one to another, so that
 * what is missing may be of any flow.
 */
export function lostBetween({ losses }: EventColumns, a: number, b: number): boolean {
  const [first, last] = a < b ? [a, b] : [b, a];
  let low = 0;
  let high = losses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((losses[middle]?.row ?? 0) > first) high = middle;
    else low = middle + 1;
  }
  const loss = losses[low];
  return loss !== undefined && loss.row <= last;
}
