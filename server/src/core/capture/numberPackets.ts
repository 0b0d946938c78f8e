import type { PacketRows } from "./joinedColumns.js";
import type { Walks } from "./walks.js";

/** Numbers the packets in the order in which the file shows the first of each, and lists their rows in the order of their walks. */
export function numberPackets({ next, strength }: Walks): PacketRows {
  const { length } = next;
  // First the head of each row's packet, then the packet's number.
  const packet = new Uint32Array(length);
  let count = 0;
  for (let head = 0; head < length; head++) {
    if (strength[head] !== 0) continue;
    count++;
    for (let row = head; row >= 0; row = next[row] ?? -1) packet[row] = head;
  }
  const numbers = new Int32Array(length).fill(-1);
  const rows = new Uint32Array(length);
  const start = new Uint32Array(count + 1);
  let number = 0;
  let listed = 0;
  for (let seen = 0; seen < length; seen++) {
    const head = packet[seen] ?? 0;
    let known = numbers[head] ?? -1;
    if (known < 0) {
      known = number++;
      numbers[head] = known;
      start[known] = listed;
      for (let row = head; row >= 0; row = next[row] ?? -1) rows[listed++] = row;
    }
    packet[seen] = known;
  }
  start[count] = listed;
  return { count, packet, strength, rows, start };
}
