import { rowFlags } from "../capture/columns/eventColumns.js";
import { containsPrefix, type Prefix } from "../net/prefix.js";
import type { TraceFilter } from "../path/traceFilter.js";
import type { CaptureSegment } from "../scan/captureSegment.js";
import type { IndexedCapture } from "./indexedCapture.js";

/** Which names are addresses in a prefix. */
function inPrefix({ scanned: { names } }: IndexedCapture, prefix: Prefix): Uint8Array {
  const inside = new Uint8Array(names.size);
  for (let index = 0; index < names.size; index++) {
    const address = names.address(index);
    if (address && address.family === prefix.family && containsPrefix(prefix, address)) inside[index] = 1;
  }
  return inside;
}

const known = new WeakMap<Prefix, WeakMap<IndexedCapture, Uint8Array>>();

function insideOf(capture: IndexedCapture, prefix: Prefix): Uint8Array {
  const byCapture = known.get(prefix) ?? new WeakMap<IndexedCapture, Uint8Array>();
  known.set(prefix, byCapture);
  const inside = byCapture.get(capture) ?? inPrefix(capture, prefix);
  byCapture.set(capture, inside);
  return inside;
}

/**
 * Whether a packet can pass a filter, as far as the index tells: it is decoded and walked only then.
 *
 * @param segment the one that has the packet
 * @param packet its number in the capture less one
 */
export function mayPass(
  capture: IndexedCapture,
  { columns, rows, start, firstPacket }: CaptureSegment,
  packet: number,
  { src, dst, port, endpoint }: TraceFilter,
): boolean {
  const own = packet - firstPacket;
  const some = (test: (row: number) => boolean): boolean => {
    for (let at = start[own] ?? 0; at < (start[own + 1] ?? 0); at++) {
      if (test(rows[at] ?? 0)) return true;
    }
    return false;
  };
  const sources = src && insideOf(capture, src);
  const destinations = dst && insideOf(capture, dst);
  const hasPort = (row: number): boolean =>
    ((columns.flags[row] ?? 0) & rowFlags.hasPorts) !== 0 &&
    (columns.sport[row] === port || columns.dport[row] === port);
  return (
    (!sources || some((row) => sources[columns.src[row] ?? 0] === 1)) &&
    (!destinations || some((row) => destinations[columns.dst[row] ?? 0] === 1)) &&
    (port === undefined || some(hasPort)) &&
    (endpoint === undefined || some((row) => columns.source[row] === endpoint || columns.dstEndpoint[row] === endpoint))
  );
}
