import type { LineMark } from "../../core/scan/captureScanner.js";

/** Looked through at once behind a mark, unless what is asked for lies farther. */
const blockSize = 1 << 20;

/** Some lines of a file. */
interface Block {
  readonly mark: LineMark;
  readonly bytes: Uint8Array;
  /** Where the lines behind the first one begin, in `bytes`. */
  readonly starts: readonly number[];
}

/** `\\n`, `\\r\\n` and a lone `\\r` all end a line. */
function lineStarts(bytes: Uint8Array): number[] {
  // A Buffer finds a byte several times as fast as a loop does.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const starts: number[] = [];
  let returns = buffer.indexOf(0x0d);
  for (let feed = buffer.indexOf(0x0a); feed >= 0; feed = buffer.indexOf(0x0a, feed + 1)) {
    for (; returns >= 0 && returns < feed; returns = buffer.indexOf(0x0d, returns + 1)) {
      if (returns + 1 < feed) starts.push(returns + 1);
    }
    starts.push(feed + 1);
  }
  for (; returns >= 0; returns = buffer.indexOf(0x0d, returns + 1)) starts.push(returns + 1);
  return starts;
}

/** The index of the last of some ascending numbers that is not above `value`; -1 if all are. */
function lastNotAbove(length: number, numberAt: (index: number) => number, value: number): number {
  let low = -1;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numberAt(middle) <= value) low = middle;
    else high = middle;
  }
  return low;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Finds the lines in which bytes of a file lie, from marks. The lines around the last answer are kept, as the next question is mostly about
 * a place nearby.
 *
 * @returns the number of the line, from 0, and the place in it, in UTF-16 units
 */
export function lineFinder(
  marks: readonly LineMark[],
  readBytes: (start: number, end: number) => Uint8Array,
): (offset: number) => { readonly line: number; readonly column: number } {
  const beginning: LineMark = { offset: 0, line: 0 };
  let known: Block | undefined;

  function blockAround(offset: number): Block {
    const mark = marks[lastNotAbove(marks.length, (index) => marks[index]?.offset ?? 0, offset)] ?? beginning;
    if (known?.mark === mark && offset - mark.offset < known.bytes.length) return known;
    const bytes = readBytes(mark.offset, Math.max(offset, mark.offset) + blockSize);
    known = { mark, bytes, starts: lineStarts(bytes) };
    return known;
  }

  return (offset) => {
    const { mark, bytes, starts } = blockAround(offset);
    const at = offset - mark.offset;
    const behind = lastNotAbove(starts.length, (index) => starts[index] ?? 0, at);
    const start = behind < 0 ? 0 : (starts[behind] ?? 0);
    return { line: mark.line + behind + 1, column: decoder.decode(bytes.subarray(start, at)).length };
  };
}
