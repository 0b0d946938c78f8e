import type { Place, Span } from "../text/span.js";

/** From offset `at` of a line's text on, offsets in the file begin at `offset`. */
interface Piece {
  readonly at: number;
  readonly offset: number;
}

/**
 * One logical line as the readers see it: without colours, and whole where a terminal had wrapped it. It knows where each of
 * its characters stands in the file.
 */
export interface Line {
  readonly file: string;
  readonly text: string;
  /** Ascending; the first starts at 0. A line that was taken as it stands has one piece. */
  readonly pieces: readonly Piece[];
}

/**
 * Longest stretch of a line that is read. No program prints a rule or a route of this length; binary garbage and other
 * people's logs may hold lines of many megabytes.
 */
const readableLength = 65_536;

/** ECMA-48 control sequences and operating system commands, and colours whose escape character was lost on the way. */
const terminalControl =
  /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]?[0-~]|\[\d{1,3}(?:;\d{1,3})*m/g;

/** The line of `text` at `span`, freed of terminal colours. */
export function lineAt(file: string, text: string, { start, end }: Span): Line {
  const raw = text.slice(start, Math.min(end, start + readableLength));
  const asItStands: Line = { file, text: raw, pieces: [{ at: 0, offset: start }] };
  if (!raw.includes("\x1b") && !raw.includes("[0m")) return asItStands;
  let clean = "";
  let from = 0;
  const pieces: Piece[] = [];
  for (const { index, 0: control } of raw.matchAll(terminalControl)) {
    if (index > from) pieces.push({ at: clean.length, offset: start + from });
    clean += raw.slice(from, index);
    from = index + control.length;
  }
  pieces.push({ at: clean.length, offset: start + from });
  return { file, text: clean + raw.slice(from), pieces };
}

/** Two lines as one, `glue` between them, for text that a terminal wrapped. */
export function joinLines(first: Line, second: Line, glue: "" | " "): Line {
  const at = first.text.length + glue.length;
  return {
    file: first.file,
    text: first.text + glue + second.text,
    pieces: [...first.pieces, ...second.pieces.map((piece) => ({ at: at + piece.at, offset: piece.offset }))],
  };
}

/** The part of a line from `start` to `end` as a line of its own. */
export function partOfLine(line: Line, start: number, end: number): Line {
  const pieces = line.pieces
    .filter((piece) => piece.at < end)
    .map((piece) => ({ at: Math.max(0, piece.at - start), offset: piece.offset + Math.max(0, start - piece.at) }));
  const first = pieces.findLastIndex((piece) => piece.at === 0);
  return { file: line.file, text: line.text.slice(start, end), pieces: pieces.slice(Math.max(0, first)) };
}

function offsetIn(line: Line, at: number): number {
  const { pieces } = line;
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece ? piece.offset + at - piece.at : at;
}

/** Where the stretch `start` to `end` of a line's text stands in the file. */
export function spanIn(line: Line, start: number, end: number): Span {
  const first = offsetIn(line, start);
  // The end belongs to the last character, not to the one behind it: colours may stand between them.
  return { start: first, end: end > start ? offsetIn(line, end - 1) + 1 : first };
}

/** As `spanIn`, with the file. */
export function placeIn(line: Line, start: number, end: number): Place {
  return { file: line.file, ...spanIn(line, start, end) };
}

const marks = /^[\s>|+*-]*/;

/** How many characters of indents, and of marks that mail, Markdown, `set -x` and `diff` put before a line, a text begins with. */
export function marksLength(text: string): number {
  return marks.exec(text)?.[0].length ?? 0;
}
