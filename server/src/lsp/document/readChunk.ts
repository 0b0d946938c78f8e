import { captureScanner, type EventScanner, type Place, type ScannedCapture } from "../../core/index.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes of a UTF-16 unit in UTF-8 at most. */
const bytesPerUnit = 3;

/** Turns byte offsets in a text's UTF-8 into offsets in the text; they must be asked for in ascending order. */
function unitOffsets(text: string): (byte: number) => number {
  let unit = 0;
  let byte = 0;
  return (asked) => {
    while (byte < asked && unit < text.length) {
      const code = text.codePointAt(unit) ?? 0;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      unit += code < 0x10000 ? 1 : 2;
    }
    return unit;
  };
}

function inOrder<T extends { readonly place: Place }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.place.start - b.place.start);
}

/** The same with places as offsets in the text. */
function inUnits(scanned: ScannedCapture, text: string): ScannedCapture {
  const { columns } = scanned;
  const toUnit = unitOffsets(text);
  const start = new Float64Array(columns.length);
  const size = new Uint32Array(columns.length);
  for (let row = 0; row < columns.length; row++) {
    const from = columns.start[row] ?? 0;
    const begin = toUnit(from);
    start[row] = begin;
    size[row] = toUnit(from + (columns.size[row] ?? 0)) - begin;
  }
  const moved = <T extends { readonly place: Place }>(items: readonly T[]): T[] => {
    const toOwnUnit = unitOffsets(text);
    return inOrder(items).map((item) => {
      const { file, start: from, end } = item.place;
      return { ...item, place: { file, start: toOwnUnit(from), end: toOwnUnit(end) } };
    });
  };
  return {
    ...scanned,
    columns: { ...columns, start, size },
    others: moved(scanned.others),
    problems: moved(scanned.problems),
  };
}

/**
 * Reads a chunk of a document. Places in what is answered are UTF-16 offsets from its start.
 *
 * @param file the name that places get
 * @param events the scanner of the whole document, whose names all its chunks share
 */
export function readChunk(file: string, text: string, events: EventScanner): ScannedCapture {
  const scanner = captureScanner(file, (bytes) => decoder.decode(bytes), events);
  const { written } = encoder.encodeInto(text, scanner.room(text.length * bytesPerUnit));
  scanner.read(written, 0, true);
  const scanned = scanner.finish();
  return written === text.length ? scanned : inUnits(scanned, text);
}
