import { deserialize, serialize } from "node:v8";
import { columnNames } from "../../core/capture/columns/columnsBuilder.js";
import type { ColumnArrays, EventColumns } from "../../core/capture/columns/eventColumns.js";
import { createNames, type Names } from "../../core/capture/columns/names.js";
import type { IndexedCapture } from "../../core/large/indexedCapture.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import type { CaptureSegment, CaptureSegments, PacketTable } from "../../core/scan/captureSegment.js";
import type { ConversationTable } from "../../core/scan/conversationTable.js";
import type { OtherPlaces } from "../../core/scan/otherPlaces.js";
import { namesSince } from "./namesSince.js";
import type { Section, SectionFile } from "./sectionFile.js";

/** All that is known of a capture. */
export type CaptureIndex = Pick<
  IndexedCapture,
  "scanned" | "segments" | "joined" | "losses" | "conversations" | "evidence"
> & { readonly others: OtherPlaces };

/** The typed arrays of a segment beside its columns. */
const rowNames = ["packet", "strength", "alternative", "rows", "start"] as const satisfies (keyof CaptureSegment)[];

/** Those of all packets of a capture. */
const packetNames = ["conversation", "direction", "directionKnown"] as const satisfies (keyof PacketTable)[];

/** What of a segment is no typed array, and small. */
type SmallOfSegment = Pick<EventColumns, "length" | "rare" | "losses"> & Pick<CaptureSegment, "firstPacket" | "count">;

/** What of a capture is no typed array, and small. */
type Small = Pick<IndexedCapture["scanned"], "problemCount" | "events" | "lines" | "marks"> &
  Pick<PacketTable, "count" | "conversationCount" | "carriedBy" | "causedBy" | "mayGoOnAs"> &
  Pick<CaptureIndex, "losses" | "evidence" | "others"> &
  Pick<CaptureSegments, "spans">;

/** The sections that hold a segment. */
export function* segmentSections(index: number, segment: CaptureSegment): Generator<[string, Section]> {
  const { columns, firstPacket, count } = segment;
  const { length, rare, losses } = columns;
  yield [`${index}.small`, serialize({ length, rare, losses, firstPacket, count } satisfies SmallOfSegment)];
  for (const name of columnNames) yield [`${index}.columns.${name}`, columns[name].subarray(0, length)];
  for (const name of rowNames) yield [`${index}.${name}`, segment[name]];
}

/** The sections that hold all that is known beside the segments. */
export function* sectionsBeside(
  index: Omit<CaptureIndex, "segments">,
  spans: Small["spans"],
): Generator<[string, Section]> {
  const { scanned, joined, losses, conversations, evidence, others } = index;
  const { names, problemCount, events, lines, marks } = scanned;
  const { count, conversationCount, carriedBy, causedBy, mayGoOnAs } = joined;
  const small: Small = {
    ...{ problemCount, events, lines, marks, losses, evidence, others, spans },
    ...{ count, conversationCount, carriedBy, causedBy, mayGoOnAs },
  };
  yield ["small", serialize(small)];
  yield ["events", serialize({ others: scanned.others, problems: scanned.problems })];
  yield ["names", serialize(namesSince(names, 0))];
  for (const name of packetNames) yield [`joined.${name}`, joined[name]];
  yield ["conversations.start", conversations.start];
  yield ["conversations.packets", conversations.packets];
}

/** The parts of an index that a file of sections is made from. */
export function* sectionsOf({ segments, ...index }: CaptureIndex): Generator<[string, Section]> {
  for (let at = 0; at < segments.spans.length; at++) yield* segmentSections(at, segments.at(at));
  yield* sectionsBeside(index, segments.spans);
}

/** An object whose fields are worked out when they are first asked for. */
function lazily<T extends object>(fields: { readonly [Name in keyof T]: () => T[Name] }): T {
  const object = {};
  for (const name of Object.keys(fields) as (keyof T)[]) {
    let known: { readonly value: T[keyof T] } | undefined;
    const get = (): T[keyof T] => {
      known ??= { value: fields[name]() };
      return known.value;
    };
    Object.defineProperty(object, name, { enumerable: true, get });
  }
  return object as T;
}

function lazyNames(file: SectionFile): Names {
  let known: Names | undefined;
  const load = (): Names => {
    if (known) return known;
    known = createNames();
    for (const text of deserialize(file.read("names") as Uint8Array) as readonly string[]) known.intern(text);
    return known;
  };
  return {
    get size() {
      return load().size;
    },
    intern: (text) => load().intern(text),
    internAddress: (address) => load().internAddress(address),
    text: (index) => load().text(index),
    address: (index) => load().address(index),
  };
}

function lazySections<T extends object>(
  file: SectionFile,
  prefix: string,
  names: readonly (keyof T & string)[],
): { readonly [Name in keyof T]: () => T[Name] } {
  return Object.fromEntries(names.map((name) => [name, () => file.read(`${prefix}.${name}`)])) as {
    readonly [Name in keyof T]: () => T[Name];
  };
}

function segmentIn(file: SectionFile, index: number): CaptureSegment {
  const { length, rare, losses, firstPacket, count } = deserialize(
    file.read(`${index}.small`) as Uint8Array,
  ) as SmallOfSegment;
  const columns = lazily<EventColumns>({
    ...lazySections<ColumnArrays>(file, `${index}.columns`, columnNames),
    length: () => length,
    rare: () => rare,
    losses: () => losses,
  });
  return lazily<CaptureSegment>({
    ...lazySections<Pick<CaptureSegment, (typeof rowNames)[number]>>(file, `${index}`, rowNames),
    columns: () => columns,
    firstPacket: () => firstPacket,
    count: () => count,
  });
}

/**
 * The segments in a file of sections, of which some are kept in memory, the last ones that were asked for.
 *
 * @param rows how many rows may be kept; one segment is in any case
 */
export function segmentsIn(file: SectionFile, spans: CaptureSegments["spans"], rows: number): CaptureSegments {
  const kept = new Map<number, CaptureSegment>();
  let keptRows = 0;
  const rowsOf = (index: number): number => spans[index]?.rows ?? 0;
  return {
    spans,
    at(index) {
      const segment = kept.get(index) ?? segmentIn(file, index);
      if (kept.delete(index)) keptRows -= rowsOf(index);
      for (const [oldest] of kept) {
        if (keptRows + rowsOf(index) <= rows) break;
        kept.delete(oldest);
        keptRows -= rowsOf(oldest);
      }
      kept.set(index, segment);
      keptRows += rowsOf(index);
      return segment;
    },
  };
}

/**
 * The index in a file of sections. What is large is read when it is first asked for, as most of it hardly ever is.
 *
 * @param rowsBeside how many rows may be kept in memory beside what is known of so many packets
 */
export function indexOf(file: SectionFile, rowsBeside: (packets: number) => number): CaptureIndex {
  const { spans, losses, evidence, others, ...counts } = deserialize(file.read("small") as Uint8Array) as Small;
  const events = lazily({
    value: () => deserialize(file.read("events") as Uint8Array) as Pick<ScannedCapture, "others" | "problems">,
  });
  const scanned = lazily<CaptureIndex["scanned"]>({
    names: () => lazyNames(file),
    others: () => events.value.others,
    problems: () => events.value.problems,
    problemCount: () => counts.problemCount,
    events: () => counts.events,
    lines: () => counts.lines,
    marks: () => counts.marks,
  });
  const joined = lazily<PacketTable>({
    ...lazySections<Pick<PacketTable, (typeof packetNames)[number]>>(file, "joined", packetNames),
    count: () => counts.count,
    conversationCount: () => counts.conversationCount,
    carriedBy: () => counts.carriedBy,
    causedBy: () => counts.causedBy,
    mayGoOnAs: () => counts.mayGoOnAs,
  });
  const conversations = lazily(lazySections<ConversationTable>(file, "conversations", ["start", "packets"]));
  return {
    scanned,
    segments: segmentsIn(file, spans, rowsBeside(counts.count)),
    joined,
    losses,
    conversations,
    evidence,
    others,
  };
}
