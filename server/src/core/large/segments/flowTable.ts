import type { EventColumns } from "../../capture/columns/eventColumns.js";
import { hashConversationKey, sourceIsLower } from "../../capture/joining/conversationKey.js";

/** Numbers for the flows of rows that do not stay in memory: from 1, in the order in which they are first asked for. */
export interface FlowTable {
  readonly count: number;
  numberOf(columns: EventColumns, row: number): number;
}

/** The words of a key: both ends (the lower one first, each with its port) and the protocol. */
const keyLength = 4;

const startSlots = 1 << 12;

/** A hash table with open addressing, some thirty bytes a flow. Its keys are those of `sameConversationKey`. */
export function createFlowTable(): FlowTable {
  let mask = startSlots - 1;
  // A flow's number, 0 for an empty slot.
  let slots = new Uint32Array(startSlots);
  let keys = new Uint32Array((startSlots / 2 + 1) * keyLength);
  let hashes = new Int32Array(startSlots / 2 + 1);
  let count = 0;
  const key = new Uint32Array(keyLength);

  function setKey(columns: EventColumns, row: number): void {
    const { src, dst, sport, dport, protocol } = columns;
    const [lower, higher] = sourceIsLower(columns, row) ? [src, dst] : [dst, src];
    const [lowerPort, higherPort] = lower === src ? [sport, dport] : [dport, sport];
    key[0] = lower[row] ?? 0;
    key[1] = higher[row] ?? 0;
    key[2] = ((lowerPort[row] ?? 0) << 16) | (higherPort[row] ?? 0);
    key[3] = protocol[row] ?? 0;
  }

  function isKey(flow: number): boolean {
    const at = flow * keyLength;
    return keys[at] === key[0] && keys[at + 1] === key[1] && keys[at + 2] === key[2] && keys[at + 3] === key[3];
  }

  function grow(): void {
    mask = mask * 2 + 1;
    slots = new Uint32Array(mask + 1);
    const longer = new Uint32Array(((mask + 1) / 2 + 1) * keyLength);
    longer.set(keys);
    keys = longer;
    const more = new Int32Array((mask + 1) / 2 + 1);
    more.set(hashes);
    hashes = more;
    for (let flow = 1; flow <= count; flow++) {
      let slot = (hashes[flow] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = flow;
    }
  }

  return {
    get count() {
      return count;
    },
    numberOf(columns, row) {
      const hash = hashConversationKey(columns, row);
      setKey(columns, row);
      let slot = hash & mask;
      for (let flow = slots[slot] ?? 0; flow !== 0; flow = slots[slot] ?? 0) {
        if (hashes[flow] === hash && isKey(flow)) return flow;
        slot = (slot + 1) & mask;
      }
      slots[slot] = ++count;
      hashes[count] = hash;
      keys.set(key, count * keyLength);
      const flow = count;
      if ((count + 1) * 2 > mask) grow();
      return flow;
    },
  };
}
