import type { ColumnArrays, EventColumns, Loss, RareFields } from "./eventColumns.js";

/** Columns that grow by a row at a time. */
export interface ColumnsBuilder {
  /**
   * The arrays so far, with room for the row last added. They are replaced when they grow: read them from here for every row, and write
   * what is not 0 (every field of a new row is). `rare` and `losses` are the producer's to fill.
   */
  readonly columns: ColumnArrays & { length: number; readonly rare: Map<number, RareFields>; readonly losses: Loss[] };
  /** Adds a row of zeros and answers its index. */
  addRow(): number;
  /** The columns, cut to their length. The builder is not to be used afterwards. */
  finish(): EventColumns;
}

const columnTypes = {
  start: Float64Array,
  size: Uint32Array,
  flags: Uint16Array,
  point: Uint8Array,
  reason: Uint32Array,
  bytes: Uint32Array,
  protocol: Uint8Array,
  ttl: Uint8Array,
  src: Uint32Array,
  dst: Uint32Array,
  sport: Uint16Array,
  dport: Uint16Array,
  ipId: Uint16Array,
  seq: Uint32Array,
  ack: Uint32Array,
  detail: Uint32Array,
  flowHash: Uint32Array,
  source: Uint16Array,
  dstEndpoint: Uint16Array,
  srcIdentity: Uint32Array,
  dstIdentity: Uint32Array,
  device: Uint32Array,
  srcMac: Uint32Array,
  dstMac: Uint32Array,
  cpu: Uint16Array,
} as const satisfies Record<keyof ColumnArrays, unknown>;

/** Names of all columns, for code that treats them alike (copying, merging, sending to another thread). */
export const columnNames = Object.keys(columnTypes) as readonly (keyof ColumnArrays)[];

/** New arrays of `capacity` rows that begin with what `old` holds. */
function resize(old: Partial<ColumnArrays>, capacity: number): ColumnArrays {
  const resized: Partial<Record<keyof ColumnArrays, ColumnArrays[keyof ColumnArrays]>> = {};
  for (const name of columnNames) {
    const array = new columnTypes[name](capacity);
    const before = old[name];
    if (before) array.set(before.length > capacity ? before.subarray(0, capacity) : before);
    resized[name] = array;
  }
  return resized as ColumnArrays;
}

/** @param capacity rows to make room for at once; more grow by doubling */
export function createColumnsBuilder(capacity = 1024): ColumnsBuilder {
  let room = Math.max(1, capacity);
  const columns = { ...resize({}, room), length: 0, rare: new Map<number, RareFields>(), losses: [] as Loss[] };
  return {
    columns,
    addRow() {
      if (columns.length === room) {
        room *= 2;
        Object.assign(columns, resize(columns, room));
      }
      return columns.length++;
    },
    finish() {
      if (columns.length < room) Object.assign(columns, resize(columns, columns.length));
      return columns;
    },
  };
}
