import {
  composeExcerpt,
  conversationTable,
  type EventScanner,
  type IndexedCapture,
  joinColumns,
  lossPlaces,
  mayFollowPoints,
  mergeScans,
  nodeEvidence,
  otherPlaces,
  type Place,
  placeOfRow,
  placesOf,
  type ReadFile,
  readFile,
  type ScannedCapture,
  type ScannedPart,
  wholeSegment,
} from "../../core/index.js";
import { type Chunk, type ChunkedText, chunkAt, offsetIn, positionIn, sliceOf } from "./chunkedText.js";
import { lastNotAbove } from "./lastNotAbove.js";
import { readChunk } from "./readChunk.js";

/** An event of a document, read by itself. */
export interface ReadEvent {
  readonly read: ReadFile;
  /** Where it begins in the document. */
  readonly start: number;
}

/** Reads a document that is a large capture: every chunk once, however often others are edited. */
export interface DocumentReader {
  /** Reads a chunk that was not read yet. Answers whether there was one. */
  readNext(text: ChunkedText): boolean;
  /** The document as an indexed capture, whose offsets are UTF-16 units. What was not read yet is read. */
  capture(text: ChunkedText): IndexedCapture;
  /** The event at an offset, if there is one; nothing but its chunk is read for it. */
  eventAt(text: ChunkedText, offset: number): ReadEvent | undefined;
}

function moved<T extends { readonly place: Place }>(items: readonly T[], by: number): T[] {
  return items.map((item) => {
    const { file, start, end } = item.place;
    return { ...item, place: { file, start: start + by, end: end + by } };
  });
}

/** What was read of a chunk, as a part of the document. */
function partOf({ names: _, ...scanned }: ScannedCapture, start: number, newNames: readonly string[]): ScannedPart {
  return {
    ...scanned,
    scanner: 0,
    newNames,
    columns: { ...scanned.columns, start: scanned.columns.start.map((offset) => offset + start) },
    others: moved(scanned.others, start),
    problems: moved(scanned.problems, start),
  };
}

/**
 * @param file the name of the document, which places get
 * @param events a scanner of its own
 */
export function createDocumentReader(file: string, events: EventScanner): DocumentReader {
  const known = new WeakMap<Chunk, ScannedCapture>();

  function read(chunk: Chunk): ScannedCapture {
    const before = known.get(chunk);
    if (before) return before;
    const scanned = readChunk(file, chunk.text, events);
    known.set(chunk, scanned);
    return scanned;
  }

  function merge({ chunks, starts }: ChunkedText): ScannedCapture {
    const parts = chunks.map(read);
    const { names } = events;
    const allNames = Array.from({ length: names.size }, (_, index) => names.text(index));
    return mergeScans(
      parts.map((scanned, index) => partOf(scanned, starts[index] ?? 0, index === 0 ? allNames : [])),
      names,
    );
  }

  return {
    readNext({ chunks }) {
      const chunk = chunks.find((each) => !known.has(each));
      if (chunk) read(chunk);
      return chunk !== undefined;
    },

    capture(text) {
      const scanned = merge(text);
      const { columns } = scanned;
      const joined = joinColumns(columns, mayFollowPoints);
      const segments = wholeSegment(columns, joined);
      return {
        file,
        scanned,
        segments,
        joined,
        losses: lossPlaces(columns),
        conversations: conversationTable(joined),
        evidence: nodeEvidence(columns),
        others: otherPlaces(scanned, text.length),
        excerpt(packets, others = []) {
          return composeExcerpt(file, [...placesOf(packets, segments), ...others], ({ start, end }) =>
            sliceOf(text, start, end),
          );
        },
        lineAt(offset) {
          const { line, character } = positionIn(text, offset);
          return { line, column: character };
        },
        offsetAt: (line, column) => offsetIn(text, { line, character: column }),
        close() {},
      };
    },

    eventAt(text, offset) {
      const index = chunkAt(text, offset);
      const chunk = text.chunks[index];
      if (!chunk) return undefined;
      const own = offset - (text.starts[index] ?? 0);
      const { columns, others } = read(chunk);
      const row = lastNotAbove(columns.length, (each) => columns.start[each] ?? 0, own);
      const places = [...(row < 0 ? [] : [placeOfRow(columns, row)]), ...others.map(({ place }) => place)];
      const place = places.find(({ start, end }) => start <= own && own < end);
      if (!place) return undefined;
      return {
        read: readFile({ file, text: chunk.text.slice(place.start, place.end) }),
        start: offset - own + place.start,
      };
    },
  };
}
