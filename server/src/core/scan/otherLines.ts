import type { MonitorEvent } from "../monitor/event.js";
import { type Capture, readCapture } from "../monitor/readCapture.js";
import type { Place, Problem, Span } from "../text/span.js";
import { byteOffsets } from "./byteOffsets.js";

/** What lines out of the ordinary say. Places are byte offsets in the file. */
export interface OtherLines {
  readonly events: readonly MonitorEvent[];
  readonly problems: readonly Problem[];
}

/** How bytes are read as text. */
export interface TextSource {
  /** The name that places get. */
  readonly file: string;
  /** Turns bytes into text as UTF-8, replacing what is malformed. */
  readonly decode: (bytes: Uint8Array) => string;
}

/** So much is read at a time, unless a single item is longer. */
const portionSize = 1 << 20;

const lineFeed = 0x0a;

/** Places in a text as places in the file, where the bytes that the text was decoded from begin at an offset. */
function placesInFile(file: string, text: string, bytes: Uint8Array, offset: number, places: readonly Span[]) {
  if (text.length === bytes.length) {
    return ({ start, end }: Span): Place => ({ file, start: offset + start, end: offset + end });
  }
  const toStart = byteOffsets(bytes, text);
  const starts = new Map([...places].sort((a, b) => a.start - b.start).map((place) => [place, toStart(place.start)]));
  const toEnd = byteOffsets(bytes, text);
  const ends = new Map([...places].sort((a, b) => a.end - b.end).map((place) => [place, toEnd(place.end)]));
  return (place: Span): Place => ({
    file,
    start: offset + (starts.get(place) ?? 0),
    end: offset + (ends.get(place) ?? 0),
  });
}

/** The start of the line on which the last item of a capture begins. */
function lastItem({ events, problems, remarks }: Capture, text: string): number {
  const last = [...events.map(({ place }) => place), ...problems.map(({ place }) => place), ...remarks].reduce(
    (latest, { start }) => Math.max(latest, start),
    0,
  );
  return Math.max(text.lastIndexOf("\n", last), text.lastIndexOf("\r", last)) + 1;
}

/**
 * Reads lines by `readCapture`.
 *
 * @param offset where in the file the bytes begin
 * @param goesOn whether such lines go on behind the bytes: then the last item is left, as it may go on too
 * @returns what was read, and how many of the bytes were used
 */
function readPortion(
  { file, decode }: TextSource,
  bytes: Uint8Array,
  offset: number,
  goesOn: boolean,
): OtherLines & { readonly used: number } {
  const text = decode(bytes);
  const capture = readCapture(file, text);
  const limit = goesOn ? lastItem(capture, text) : text.length;
  const isUsed = ({ place }: { readonly place: Span }): boolean => place.start < limit;
  const events = capture.events.filter(isUsed);
  const problems = capture.problems.filter(isUsed);
  const places = [...events, ...problems].map(({ place }) => place);
  const inFile = placesInFile(file, text, bytes, offset, places);
  return {
    events: events.map((event) => ({ ...event, place: inFile(event.place) })),
    problems: problems.map((problem) => ({ ...problem, place: inFile(problem.place) })),
    used: goesOn ? byteOffsets(bytes, text)(limit) : bytes.length,
  };
}

/**
 * Reads lines out of the ordinary by `readCapture`, portion after portion, as an event may stand on several lines.
 *
 * @param bytes the lines, next to each other in the file
 * @param offset where in the file they begin
 */
export function* readOtherLines(source: TextSource, bytes: Uint8Array, offset: number): Generator<OtherLines> {
  let size = portionSize;
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(lineFeed, at + size);
    const end = newline < 0 ? bytes.length : newline + 1;
    const portion = readPortion(source, bytes.subarray(at, end), offset + at, end < bytes.length);
    yield portion;
    at += portion.used;
    size = portion.used === 0 ? size * 2 : portionSize;
  }
}
