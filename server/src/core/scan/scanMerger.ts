import { createColumnsBuilder } from "../capture/columns/columnsBuilder.js";
import { addEvents, isPacketEvent } from "../capture/columns/columnsOfEvents.js";
import type { ColumnArrays, EventColumns } from "../capture/columns/eventColumns.js";
import { createNames, type Names } from "../capture/columns/names.js";
import { protocols } from "../capture/columns/protocolNumber.js";
import type { Place, Problem } from "../text/span.js";
import type { LineMark, ScannedCapture } from "./captureScanner.js";
import type { PartLines, PartNames, ScannedPart } from "./mergeScans.js";
import { eventsOfNotices, noticeLength } from "./notices.js";
import { type OtherEvent, otherEvent } from "./otherEvent.js";
import { readOtherLines, type TextSource } from "./otherLines.js";

/** Puts the parts of a capture together, in the order of the file. What they hold is copied. */
export interface ScanMerger {
  /** The rows so far. The arrays have room for more, and are replaced when they grow. */
  readonly columns: EventColumns;
  /** Adds the part that follows the ones before. */
  add(part: ScannedPart): void;
  /** Reads what is unread of the part that follows, and adds it. */
  addLines(part: PartLines, source: TextSource): void;
  finish(): ScannedCapture;
}

/** Events without a row and problems that are kept as values, each; a file that is all noise must not fill the memory. */
const mostKept = 100_000;

/** Columns that hold indexes of `Names`; so does `detail` for ICMP. */
const nameColumns = ["reason", "src", "dst", "device", "srcMac", "dstMac"] as const satisfies (keyof ColumnArrays)[];

function byPlace(a: { readonly place: Place }, b: { readonly place: Place }): number {
  return a.place.start - b.place.start;
}

/** The names of one scanner in the table of all. */
interface Translation {
  /** The index there of each index of its own. */
  readonly words: number[];
  /** Whether all of them are the same. */
  isNone: boolean;
}

function translateColumn(column: Uint32Array, from: number, to: number, { words }: Translation): void {
  for (let row = from; row < to; row++) column[row] = words[column[row] ?? 0] ?? 0;
}

function translateDetail({ detail, protocol }: ColumnArrays, from: number, to: number, { words }: Translation): void {
  for (let row = from; row < to; row++) {
    if (protocol[row] === protocols.icmp || protocol[row] === protocols.icmpv6) {
      detail[row] = words[detail[row] ?? 0] ?? 0;
    }
  }
}

/**
 * @param names the table that the result's columns use. A scanner may use it too.
 * @param capacity how many rows there will be, as far as that is known
 */
export function scanMerger(names: Names = createNames(), capacity?: number): ScanMerger {
  const builder = createColumnsBuilder(capacity);
  const { columns } = builder;
  const translations = new Map<number, Translation>();
  const others: OtherEvent[] = [];
  const problems: Problem[] = [];
  const marks: LineMark[] = [];
  let problemCount = 0;
  let events = 0;
  let lines = 0;

  function translationOf({ scanner, newNames }: PartNames): Translation {
    const known = translations.get(scanner) ?? { words: [], isNone: true };
    translations.set(scanner, known);
    for (const text of newNames) {
      const index = names.intern(text);
      known.isNone &&= index === known.words.length;
      known.words.push(index);
    }
    return known;
  }

  /** Adds rows of a part; without a translation, their names are those of the table. */
  function addRows(added: ColumnArrays, from: number, to: number, translation?: Translation): void {
    const { length } = columns;
    builder.addRows(added, from, to);
    if (!translation || translation.isNone) return;
    for (const name of nameColumns) translateColumn(columns[name], length, columns.length, translation);
    translateDetail(columns, length, columns.length, translation);
  }

  /** Adds what stands beside the columns, of rows that begin at `row`. */
  function addBeside({ rare, losses }: EventColumns, row: number, translation?: Translation): void {
    for (const [at, { origIp, ...fields }] of rare) {
      const address = origIp === undefined ? {} : { origIp: translation ? (translation.words[origIp] ?? 0) : origIp };
      columns.rare.set(row + at, { ...fields, ...address });
    }
    for (const loss of losses) columns.losses.push({ ...loss, row: row + loss.row });
  }

  function addOthers(added: readonly OtherEvent[]): void {
    for (const event of added) if (others.length < mostKept) others.push(event);
  }

  function addProblems(added: readonly Problem[]): void {
    for (const problem of added) if (problems.length < mostKept) problems.push(problem);
  }

  function addMarks(part: { readonly marks: readonly LineMark[]; readonly lines: number }): void {
    for (const mark of part.marks) marks.push({ offset: mark.offset, line: mark.line + lines });
    lines += part.lines;
  }

  return {
    columns,

    add(part) {
      const translation = translationOf(part);
      const { length } = columns;
      addRows(part.columns, 0, part.columns.length, translation);
      addBeside(part.columns, length, translation);
      addOthers(part.others);
      addProblems(part.problems);
      problemCount += part.problemCount;
      events += part.events;
      addMarks(part);
    },

    addLines(part, source) {
      const translation = translationOf(part);
      const found = [...part.problems];
      const between = eventsOfNotices(source.file, part.notices);
      let row = 0;
      let at = 0;
      for (const run of part.unread.runs) {
        for (const other of readOtherLines(source, part.unread.bytes.subarray(at, at + run.size), run.offset)) {
          if (other.events.some((event) => event.type === "lost" || isPacketEvent(event))) {
            addRows(part.columns, row, run.row, translation);
            row = run.row;
            addEvents(builder, other.events, names);
          }
          for (const event of other.events) if (!isPacketEvent(event)) between.push(otherEvent(event));
          events += other.events.length;
          found.push(...other.problems);
        }
        at += run.size;
      }
      addRows(part.columns, row, part.columns.length, translation);
      addOthers(between.sort(byPlace));
      addProblems(found.sort(byPlace));
      problemCount += found.length;
      events += part.columns.length + part.notices.length / noticeLength;
      addMarks(part);
    },

    finish: () => ({ columns: builder.finish(), names, others, problems, problemCount, events, lines, marks }),
  };
}
