import { createRowTable } from "./rowTable.js";

/**
 * Visits the rows that share a key, key by key in the order in which the keys first appear. Keys of a single row are passed over.
 *
 * @param length number of rows
 * @param hasKey whether a row has a key at all
 * @param hash hash of a row's key
 * @param same whether two rows have the same key
 * @param visit gets the rows, ascending; the array is used again for the next key
 */
export function forEachGroup(
  length: number,
  hasKey: (row: number) => boolean,
  hash: (row: number) => number,
  same: (a: number, b: number) => boolean,
  visit: (rows: readonly number[]) => void,
): void {
  const table = createRowTable(same);
  // From the last row to the first, so that a chain runs forwards; -1 at its end.
  const next = new Int32Array(length).fill(-1);
  const isInside = new Uint8Array(length);
  for (let row = length - 1; row >= 0; row--) {
    if (!hasKey(row)) continue;
    const later = table.replaceLatest(row, hash(row));
    next[row] = later;
    if (later >= 0) isInside[later] = 1;
  }
  const rows: number[] = [];
  for (let first = 0; first < length; first++) {
    if (isInside[first] || (next[first] ?? -1) < 0) continue;
    rows.length = 0;
    for (let row = first; row >= 0; row = next[row] ?? -1) rows.push(row);
    visit(rows);
  }
}
