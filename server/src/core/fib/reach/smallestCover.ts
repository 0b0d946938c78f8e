/**
 * The fewest candidates of which at least one is in every list: exact for one or two, and otherwise a set from which none can be left
 * out, found by taking the most frequent one first. Ascending.
 */
export function smallestCover(lists: readonly (readonly number[])[]): number[] {
  const candidates = [...new Set(lists.flat())].sort((a, b) => a - b);
  const covers = (set: readonly number[]) => lists.every((list) => set.some((candidate) => list.includes(candidate)));
  for (const one of candidates) if (covers([one])) return [one];
  if (candidates.length <= 32) {
    for (const [at, one] of candidates.entries()) {
      for (const other of candidates.slice(at + 1)) if (covers([one, other])) return [one, other];
    }
  }
  const chosen: number[] = [];
  for (let open = [...lists]; open.length > 0; ) {
    const counts = candidates.map((one) => open.filter((list) => list.includes(one)).length);
    const best = candidates[counts.indexOf(Math.max(...counts))];
    if (best === undefined) break;
    chosen.push(best);
    open = open.filter((list) => !list.includes(best));
  }
  for (const one of [...chosen]) {
    const rest = chosen.filter((other) => other !== one);
    if (covers(rest)) chosen.splice(chosen.indexOf(one), 1);
  }
  return chosen.sort((a, b) => a - b);
}
