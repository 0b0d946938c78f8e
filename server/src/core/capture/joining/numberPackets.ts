import type { PacketRows } from "./joinedColumns.js";
import type { Walks } from "./walks.js";

const none = 0xffffffff;

/**
 * By row: the head of its packet, where the row stands before the head in the file, as rings of several CPUs may be read in turn. Hardly any
 * row does.
 */
function headsBehind({ next, strength }: Walks): Map<number, number> {
  const heads = new Map<number, number>();
  // Where no step leads back, no chain need be followed.
  if (!next.some((after, row) => after >= 0 && after < row)) return heads;
  for (let head = 0; head < next.length; head++) {
    if (strength[head] !== 0) continue;
    for (let row = next[head] ?? -1; row >= 0; row = next[row] ?? -1) if (row < head) heads.set(row, head);
  }
  return heads;
}

/** Numbers the packets in the order in which the file shows the first of each, and lists their rows in the order of their walks. */
export function numberPackets(walks: Walks): PacketRows {
  const { next, strength } = walks;
  const { length } = next;
  const behind = headsBehind(walks);
  const packet = new Uint32Array(length).fill(none);
  const rows = new Uint32Array(length);
  let count = 0;
  for (let head = 0; head < length; head++) if (strength[head] === 0) count++;
  const start = new Uint32Array(count + 1);
  let number = 0;
  let listed = 0;
  for (let seen = 0; seen < length; seen++) {
    if (packet[seen] !== none) continue;
    start[number] = listed;
    for (let row = strength[seen] === 0 ? seen : (behind.get(seen) ?? seen); row >= 0; row = next[row] ?? -1) {
      packet[row] = number;
      rows[listed++] = row;
    }
    number++;
  }
  start[count] = listed;
  return { count, packet, strength, rows, start };
}
