/** Rows that are held at most; the reader takes them away before there are more. A multiple of 8, so that every column is aligned. */
export const rowCapacity: u32 = 4096;

/** The columns, one behind the other, in the order and with the widths of server/src/core/capture/columnsBuilder.ts. */
export const rowArea: usize = memory.data(81 * rowCapacity, 64);
const start = rowArea;
const size = start + 8 * rowCapacity;
export const flags = size + 4 * rowCapacity;
export const point = flags + 2 * rowCapacity;
export const reason = point + rowCapacity;
export const bytes = reason + 4 * rowCapacity;
export const protocol = bytes + 4 * rowCapacity;
export const ttl = protocol + rowCapacity;
export const src = ttl + rowCapacity;
export const dst = src + 4 * rowCapacity;
export const sport = dst + 4 * rowCapacity;
export const dport = sport + 2 * rowCapacity;
export const ipId = dport + 2 * rowCapacity;
export const seq = ipId + 2 * rowCapacity;
export const ack = seq + 4 * rowCapacity;
export const detail = ack + 4 * rowCapacity;
export const flowHash = detail + 4 * rowCapacity;
export const source = flowHash + 4 * rowCapacity;
export const dstEndpoint = source + 2 * rowCapacity;
export const srcIdentity = dstEndpoint + 2 * rowCapacity;
export const dstIdentity = srcIdentity + 4 * rowCapacity;
export const device = dstIdentity + 4 * rowCapacity;
export const srcMac = device + 4 * rowCapacity;
export const dstMac = srcMac + 4 * rowCapacity;
export const cpu = dstMac + 4 * rowCapacity;

/** Rows that are held. The one behind them is written while its line is read. */
export let rowCount: u32 = 0;

export function put8(column: usize, value: u32): void {
  store<u8>(column + rowCount, value);
}

export function put16(column: usize, value: u32): void {
  store<u16>(column + (rowCount << 1), value);
}

export function put32(column: usize, value: u32): void {
  store<u32>(column + (rowCount << 2), value);
}

/** Keeps the row that was written, of an event that begins at this offset of the file and has so many bytes. */
export function keepRow(offset: f64, length: u32): void {
  store<f64>(start + (rowCount << 3), offset);
  put32(size, length);
  rowCount++;
}

/** Lets all rows go. */
export function clearRows(): void {
  rowCount = 0;
}
