import { deserialize, serialize } from "node:v8";
import { columnNames } from "../../core/capture/columns/columnsBuilder.js";
import type { ColumnArrays, EventColumns } from "../../core/capture/columns/eventColumns.js";
import { createNames, type Names } from "../../core/capture/columns/names.js";
import type { JoinedColumns } from "../../core/capture/joining/joinedColumns.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import type { ConversationTable } from "../../core/scan/conversationTable.js";
import type { NodeEvidence } from "../../core/scan/nodeEvidence.js";
import type { OtherPlaces } from "../../core/scan/otherPlaces.js";
import type { Section, SectionFile } from "./sectionFile.js";

/** All that is known of a capture. */
export interface CaptureIndex {
  readonly scanned: ScannedCapture;
  readonly joined: JoinedColumns;
  readonly conversations: ConversationTable;
  readonly evidence: NodeEvidence;
  readonly others: OtherPlaces;
}

/** The typed arrays of what joining found. */
const joinedNames = [
  "packet",
  "strength",
  "alternative",
  "rows",
  "start",
  "conversation",
  "direction",
  "directionKnown",
] as const satisfies readonly (keyof JoinedColumns)[];

/** What is no typed array, and small. */
type Small = Pick<ScannedCapture, "problemCount" | "events" | "lines" | "marks"> &
  Pick<EventColumns, "length" | "rare" | "losses"> &
  Pick<JoinedColumns, "count" | "conversationCount" | "carriedBy" | "causedBy" | "mayGoOnAs"> &
  Pick<CaptureIndex, "evidence" | "others">;

/** The parts of an index that a file of sections is made from. */
export function sectionsOf({ scanned, joined, conversations, evidence, others }: CaptureIndex): Map<string, Section> {
  const { columns, names, problemCount, events, lines, marks } = scanned;
  const { length, rare, losses } = columns;
  const { count, conversationCount, carriedBy, causedBy, mayGoOnAs } = joined;
  const small: Small = {
    ...{ problemCount, events, lines, marks, length, rare, losses },
    ...{ count, conversationCount, carriedBy, causedBy, mayGoOnAs, evidence, others },
  };
  const texts = Array.from({ length: names.size }, (_, index) => names.text(index));
  return new Map<string, Section>([
    ["small", serialize(small)],
    ["events", serialize({ others: scanned.others, problems: scanned.problems })],
    ["names", serialize(texts)],
    ...columnNames.map((name): [string, Section] => [`columns.${name}`, columns[name].subarray(0, length)]),
    ...joinedNames.map((name): [string, Section] => [`joined.${name}`, joined[name]]),
    ["conversations.start", conversations.start],
    ["conversations.packets", conversations.packets],
  ]);
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

/** The index in a file of sections. What is large is read when it is first asked for, as most of it hardly ever is. */
export function indexOf(file: SectionFile): CaptureIndex {
  const {
    length,
    rare,
    losses,
    count,
    conversationCount,
    carriedBy,
    causedBy,
    mayGoOnAs,
    evidence,
    others,
    ...counts
  } = deserialize(file.read("small") as Uint8Array) as Small;
  const events = lazily({
    value: () => deserialize(file.read("events") as Uint8Array) as Pick<ScannedCapture, "others" | "problems">,
  });
  const columns = lazily<EventColumns>({
    ...lazySections<ColumnArrays>(file, "columns", columnNames),
    length: () => length,
    rare: () => rare,
    losses: () => losses,
  });
  const scanned = lazily<ScannedCapture>({
    columns: () => columns,
    names: () => lazyNames(file),
    others: () => events.value.others,
    problems: () => events.value.problems,
    problemCount: () => counts.problemCount,
    events: () => counts.events,
    lines: () => counts.lines,
    marks: () => counts.marks,
  });
  const joined = lazily<JoinedColumns>({
    ...lazySections<Pick<JoinedColumns, (typeof joinedNames)[number]>>(file, "joined", joinedNames),
    count: () => count,
    conversationCount: () => conversationCount,
    carriedBy: () => carriedBy,
    causedBy: () => causedBy,
    mayGoOnAs: () => mayGoOnAs,
  });
  const conversations = lazily(lazySections<ConversationTable>(file, "conversations", ["start", "packets"]));
  return { scanned, joined, conversations, evidence, others };
}
