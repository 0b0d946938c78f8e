import { columnNames, createColumnsBuilder } from "../capture/columnsBuilder.js";
import type { ColumnArrays, EventColumns, Loss, RareFields } from "../capture/eventColumns.js";
import { createNames, type Names } from "../capture/names.js";
import { protocols } from "../capture/protocolNumber.js";
import type { MonitorEvent } from "../monitor/event.js";
import type { Problem } from "../text/span.js";
import { type LineMark, mostKept, type ScannedCapture } from "./captureScanner.js";

/** One part of a capture, as one scanner of several read it. All of it can be sent between threads. */
export interface ScannedPart extends Omit<ScannedCapture, "names"> {
  /** Number of the scanner, from 0. A scanner that reads several parts has one table of names for them. */
  readonly scanner: number;
  /** The names that its table got since its last part, in the order of their indexes. */
  readonly newNames: readonly string[];
}

/** Columns that hold indexes of `Names`; so does `detail` for ICMP. */
const nameColumns: ReadonlySet<keyof ColumnArrays> = new Set(["reason", "src", "dst", "device", "srcMac", "dstMac"]);

type Translation = readonly number[];

/** By part: the index in `names` of each index of its scanner. */
function translateNames(parts: readonly ScannedPart[], names: Names): Translation[] {
  const byScanner = new Map<number, number[]>();
  for (const { scanner, newNames } of parts) {
    const known = byScanner.get(scanner) ?? [];
    byScanner.set(scanner, known);
    for (const text of newNames) known.push(names.intern(text));
  }
  return parts.map(({ scanner }) => byScanner.get(scanner) ?? []);
}

function translateColumn(
  to: ColumnArrays,
  name: keyof ColumnArrays,
  rows: readonly [number, number],
  words: Translation,
): void {
  const column = to[name];
  for (let row = rows[0]; row < rows[1]; row++) column[row] = words[column[row] ?? 0] ?? 0;
}

function translateDetail(
  { detail, protocol }: ColumnArrays,
  rows: readonly [number, number],
  words: Translation,
): void {
  for (let row = rows[0]; row < rows[1]; row++) {
    if (protocol[row] === protocols.icmp || protocol[row] === protocols.icmpv6) {
      detail[row] = words[detail[row] ?? 0] ?? 0;
    }
  }
}

/**
 * Puts the parts of a capture together, in the order of the file. The columns of the parts are copied one after the other and let go, so that
 * hardly more memory is needed than for the result; the parts can't be used afterwards.
 *
 * @param names the table that the result's columns use
 */
export function mergeScans(parts: readonly ScannedPart[], names: Names = createNames()): ScannedCapture {
  const words = translateNames(parts, names);
  const starts = [0];
  for (const { columns } of parts) starts.push((starts.at(-1) ?? 0) + columns.length);
  const length = starts.at(-1) ?? 0;
  const { columns: merged } = createColumnsBuilder(length);
  for (const name of [...columnNames].sort((a, b) => Number(a === "detail") - Number(b === "detail"))) {
    parts.forEach(({ columns }, index) => {
      const from = starts[index] ?? 0;
      const rows = [from, from + columns.length] as const;
      merged[name].set(columns[name].subarray(0, columns.length), from);
      (columns as { [Name in keyof ColumnArrays]?: ColumnArrays[Name] })[name] = undefined as never;
      if (nameColumns.has(name)) translateColumn(merged, name, rows, words[index] ?? []);
      if (name === "detail") translateDetail(merged, rows, words[index] ?? []);
    });
  }
  const rare = new Map<number, RareFields>();
  const losses: Loss[] = [];
  const others: MonitorEvent[] = [];
  const problems: Problem[] = [];
  const marks: LineMark[] = [];
  let lines = 0;
  parts.forEach((part, index) => {
    const from = starts[index] ?? 0;
    for (const [row, { origIp, ...fields }] of part.columns.rare) {
      rare.set(from + row, { ...fields, ...(origIp !== undefined && { origIp: words[index]?.[origIp] ?? 0 }) });
    }
    for (const loss of part.columns.losses) losses.push({ ...loss, row: loss.row + from });
    for (const event of part.others) if (others.length < mostKept) others.push(event);
    for (const problem of part.problems) if (problems.length < mostKept) problems.push(problem);
    for (const mark of part.marks) marks.push({ offset: mark.offset, line: mark.line + lines });
    lines += part.lines;
  });
  const columns: EventColumns = { ...merged, length, rare, losses };
  const sum = (of: (part: ScannedPart) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    columns,
    names,
    others,
    problems,
    problemCount: sum(({ problemCount }) => problemCount),
    events: sum(({ events }) => events),
    lines,
    marks,
  };
}
