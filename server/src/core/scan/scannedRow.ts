import type { ColumnsBuilder } from "../capture/columnsBuilder.js";
import type { ColumnArrays } from "../capture/eventColumns.js";

/** The fields of one row while its line is read; written to the columns only when the whole line was as usual. */
export type ScannedRow = { [Column in keyof ColumnArrays]: number };

/** A row of zeros. One serves for all lines of a scanner. */
export function emptyRow(): ScannedRow {
  return {
    start: 0,
    size: 0,
    flags: 0,
    point: 0,
    reason: 0,
    bytes: 0,
    protocol: 0,
    ttl: 0,
    src: 0,
    dst: 0,
    sport: 0,
    dport: 0,
    ipId: 0,
    seq: 0,
    ack: 0,
    detail: 0,
    flowHash: 0,
    source: 0,
    dstEndpoint: 0,
    srcIdentity: 0,
    dstIdentity: 0,
    device: 0,
    srcMac: 0,
    dstMac: 0,
    cpu: 0,
  };
}

/** Adds the row to the columns. Written out, as a loop over the names of the columns costs as much as reading the line. */
export function appendRow(builder: ColumnsBuilder, row: ScannedRow): void {
  const at = builder.addRow();
  const { columns } = builder;
  columns.start[at] = row.start;
  columns.size[at] = row.size;
  columns.flags[at] = row.flags;
  columns.point[at] = row.point;
  columns.reason[at] = row.reason;
  columns.bytes[at] = row.bytes;
  columns.protocol[at] = row.protocol;
  columns.ttl[at] = row.ttl;
  columns.src[at] = row.src;
  columns.dst[at] = row.dst;
  columns.sport[at] = row.sport;
  columns.dport[at] = row.dport;
  columns.ipId[at] = row.ipId;
  columns.seq[at] = row.seq;
  columns.ack[at] = row.ack;
  columns.detail[at] = row.detail;
  columns.flowHash[at] = row.flowHash;
  columns.source[at] = row.source;
  columns.dstEndpoint[at] = row.dstEndpoint;
  columns.srcIdentity[at] = row.srcIdentity;
  columns.dstIdentity[at] = row.dstIdentity;
  columns.device[at] = row.device;
  columns.srcMac[at] = row.srcMac;
  columns.dstMac[at] = row.dstMac;
  columns.cpu[at] = row.cpu;
}
