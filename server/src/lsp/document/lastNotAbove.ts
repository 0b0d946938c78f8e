/** The last of `count` ascending numbers that is not above a value, by its index; -1 where all are. */
export function lastNotAbove(count: number, at: (index: number) => number, value: number): number {
  let low = -1;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle;
    else high = middle;
  }
  return low;
}
