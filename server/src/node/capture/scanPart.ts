import { readSync } from "node:fs";
import { createColumnsBuilder } from "../../core/capture/columns/columnsBuilder.js";
import type { EventScanner } from "../../core/scan/eventScanner.js";
import { lineScanner, type ScannedLines } from "../../core/scan/lineScanner.js";
import { opensMessage } from "../../core/scan/opensMessage.js";

/** The part of a file that one scanner reads: from the first message at or behind `from` up to the first one at or behind `to`. */
export interface FilePart {
  readonly descriptor: number;
  /** The name that places get. */
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** Whether it is known that an event begins at `from`, or what is none. */
  readonly isFirst?: boolean;
  /** Size of the file when it was opened; what is written behind it meanwhile is left for later. */
  readonly size: number;
}

/** Bytes that are read at once: few enough to be in the processor's cache when they are scanned. */
const blockSize = 1 << 20;

/** Fewer bytes than an event has on the average, to guess how many there are. */
const shortEvent = 700;

/** Longer lines are passed over: no event is so long, and a text of that length could not be kept. */
export const longestLine = 64 << 20;

/** Bytes by which a message is recognised. */
const openingLength = 16;

/**
 * The start of the first line at or behind `from` that opens a message; -1 if these bytes hold none.
 *
 * @param isLineStart whether the bytes begin where a line does
 */
function messageStart(bytes: Uint8Array, from: number, isLineStart: boolean): number {
  if (from === 0 && isLineStart && opensMessage(bytes, 0)) return 0;
  for (
    let newline = bytes.indexOf(0x0a, Math.max(0, from - 1));
    newline >= 0;
    newline = bytes.indexOf(0x0a, newline + 1)
  ) {
    if (newline + 1 >= from && opensMessage(bytes, newline + 1)) return newline + 1;
  }
  return -1;
}

/** Where the part begins: its first message; `to` or more if it has none. The first part begins with its first byte. */
function findStart({ descriptor, from, to, size, isFirst }: FilePart): number {
  if (from === 0 || isFirst) return from;
  const block = new Uint8Array(1 << 14);
  for (let at = from - 1; at < to; at += block.length - openingLength) {
    const length = readSync(descriptor, block, 0, Math.min(block.length, size - at), at);
    if (length === 0) return size;
    const start = messageStart(block.subarray(0, length), 1, false);
    if (start >= 0) return at + start;
  }
  return to;
}

/**
 * Scans the usual lines of one part of a file. The parts of a file together give what a scan of the whole file gives.
 *
 * @param usual a scanner to go on with, so that its names serve several parts
 * @param onProgress called with the number of bytes read, now and then; may throw to cancel
 * @param memory where to put the columns, if it is large enough
 * @throws what reading the file throws
 */
export function scanPart(
  part: FilePart,
  usual: EventScanner,
  onProgress: (bytes: number) => void,
  memory?: ArrayBuffer,
): ScannedLines {
  const { descriptor, file, from, to, size } = part;
  const builder = createColumnsBuilder(Math.ceil((to - from) / shortEvent), memory);
  const scanner = lineScanner(usual, builder);
  let base = findStart(part);
  if (base >= to) return scanner.finish();
  let buffer = scanner.room(blockSize);
  let held = 0;
  let isOver = false;
  while (!isOver) {
    if (held === buffer.length) buffer = scanner.room(Math.min(buffer.length * 2, longestLine + blockSize));
    const wanted = Math.min(buffer.length - held, size - base - held);
    const length = wanted > 0 ? readSync(descriptor, buffer, held, wanted, base + held) : 0;
    if (length === 0 && wanted > 0) {
      const place = { file, start: base + held, end: base + held };
      scanner.addProblem({
        place,
        message: "The file became shorter while it was read. What had been read of it is used.",
      });
    }
    held += length;
    const bytes = buffer.subarray(0, held);
    const end = base + held >= to ? messageStart(bytes, Math.max(0, to - base), true) : -1;
    isOver = end >= 0 || length === 0 || base + held >= size;
    const used = scanner.read(end >= 0 ? end : held, base, isOver);
    onProgress(length);
    buffer.copyWithin(0, used, held);
    base += used;
    held -= used;
    if (held > longestLine && !isOver) {
      const skipped = skipLine(descriptor, base + held, size);
      const place = { file, start: base, end: skipped };
      scanner.addProblem({ place, message: "This line is longer than 64 MB. Nothing of it is used." });
      isOver = skipped >= Math.min(size, to);
      base = skipped;
      held = 0;
    }
  }
  return scanner.finish();
}

/** The offset behind the line that `at` lies in. */
function skipLine(descriptor: number, at: number, size: number): number {
  const block = new Uint8Array(blockSize);
  while (at < size) {
    const length = readSync(descriptor, block, 0, Math.min(block.length, size - at), at);
    if (length === 0) break;
    const newline = block.subarray(0, length).indexOf(0x0a);
    if (newline >= 0) return at + newline + 1;
    at += length;
  }
  return at;
}
