import type { ColumnArrays, EventColumns, Loss, RareFields } from "./eventColumns.js";

/** Columns that grow by rows. */
export interface ColumnsBuilder {
  /**
   * The arrays so far, with room for the row last added. They are replaced when they grow: read them from here for every row, and write
   * what is not 0 (every field of a new row is). `rare` and `losses` are the producer's to fill.
   */
  readonly columns: ColumnArrays & { length: number; readonly rare: Map<number, RareFields>; readonly losses: Loss[] };
  /** Adds a row of zeros and answers its index. */
  addRow(): number;
  /** Adds rows of other columns, from one row up to another one. */
  addRows(added: ColumnArrays, from: number, to: number): void;
  /** The columns, cut to their length. The builder is not to be used afterwards. */
  finish(): EventColumns;
}

/** In an order that server/src/scanner/assembly/rows.ts relies on. */
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

/** Names of all columns, for code that treats them alike (copying, merging). */
export const columnNames = Object.keys(columnTypes) as readonly (keyof ColumnArrays)[];

/** Bytes of a row in all columns together. */
const rowSize = columnNames.reduce((sum, name) => sum + columnTypes[name].BYTES_PER_ELEMENT, 0);

/** So many rows or a multiple of them, and every column behind the others is aligned. */
const alignment = 8;

/**
 * Columns that stand behind one another in memory.
 *
 * @param offset where they begin in the buffer, a multiple of 8
 * @param capacity rows of each, a multiple of 8
 */
export function columnsIn(buffer: ArrayBuffer, offset: number, capacity: number): ColumnArrays {
  const columns: Partial<Record<keyof ColumnArrays, ColumnArrays[keyof ColumnArrays]>> = {};
  for (const name of columnNames) {
    columns[name] = new columnTypes[name](buffer, offset, capacity);
    offset += capacity * columnTypes[name].BYTES_PER_ELEMENT;
  }
  return columns as ColumnArrays;
}

function newColumns(capacity: number): ColumnArrays {
  return columnsIn(new ArrayBuffer(capacity * rowSize), 0, capacity);
}

function roundUp(rows: number): number {
  return Math.ceil(Math.max(1, rows) / alignment) * alignment;
}

/** Views of some rows. */
function cutColumns(columns: ColumnArrays, from: number, to: number): ColumnArrays {
  const cut: Partial<Record<keyof ColumnArrays, ColumnArrays[keyof ColumnArrays]>> = {};
  for (const name of columnNames) cut[name] = columns[name].subarray(from, to);
  return cut as ColumnArrays;
}

/**
 * @param capacity rows to make room for at once; more grow by doubling. Room that is not used costs an address, but no memory.
 * @param memory where to put them, if it is large enough: memory that was used before is much cheaper than memory that the system must give
 */
export function createColumnsBuilder(capacity = 1024, memory?: ArrayBuffer): ColumnsBuilder {
  const given = Math.floor((memory?.byteLength ?? 0) / rowSize / alignment) * alignment;
  const isGiven = memory !== undefined && given >= capacity && given > 0;
  if (isGiven) new Uint8Array(memory).fill(0);
  let room = isGiven ? given : roundUp(capacity);
  const arrays = isGiven ? columnsIn(memory, 0, given) : newColumns(room);
  const columns = { ...arrays, length: 0, rare: new Map<number, RareFields>(), losses: [] as Loss[] };

  function makeRoom(rows: number): void {
    if (rows <= room) return;
    while (room < rows) room *= 2;
    const larger = newColumns(room);
    for (const name of columnNames) larger[name].set(columns[name].subarray(0, columns.length));
    Object.assign(columns, larger);
  }

  return {
    columns,
    addRow() {
      makeRoom(columns.length + 1);
      return columns.length++;
    },
    addRows(added, from, to) {
      makeRoom(columns.length + to - from);
      for (const name of columnNames) columns[name].set(added[name].subarray(from, to), columns.length);
      columns.length += to - from;
    },
    finish: () => Object.assign(columns, cutColumns(columns, 0, columns.length)),
  };
}
