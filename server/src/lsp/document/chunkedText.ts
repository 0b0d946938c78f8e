import { LineIndex, mayCutBefore, type Position } from "../../core/index.js";
import { lastNotAbove } from "./lastNotAbove.js";

/** Whole lines of a text that can be read as a capture without what stands before and behind them. It never changes. */
export interface Chunk {
  readonly text: string;
  readonly lines: LineIndex;
}

/** A text in chunks. It never changes either: an edit makes another one that shares the chunks it did not touch. */
export interface ChunkedText {
  readonly chunks: readonly Chunk[];
  /** Where each chunk starts, in UTF-16 units. */
  readonly starts: readonly number[];
  /** The number of each chunk's first line, from 0. */
  readonly firstLines: readonly number[];
  readonly length: number;
}

/** Chunks are no shorter, unless the text is; much longer only where it can't be cut. In UTF-16 units. */
const usualLength = 1 << 18;

function makeChunk(text: string): Chunk {
  return { text, lines: new LineIndex(text) };
}

/** A text of chunks that are known to be such. */
function compose(chunks: readonly Chunk[]): ChunkedText {
  const starts: number[] = [];
  const firstLines: number[] = [];
  let length = 0;
  let line = 0;
  for (const { text, lines } of chunks) {
    starts.push(length);
    firstLines.push(line);
    length += text.length;
    line += lines.lineCount - 1;
  }
  return { chunks, starts, firstLines, length };
}

/** Lines that are tried in a row before the next ones are tried much later: a dump can't be cut at all. */
const mostTried = 64;

/** Cuts a text where it can be cut. Takes time linear in its length. */
function cut(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let brace = -1;
  let tried = 0;
  let at = lineBehind(text, usualLength);
  while (at <= text.length - usualLength) {
    if (brace < start) brace = indexFrom(text, "{", start);
    const isCut = mayCutBefore(text, at, brace < at);
    if (isCut) {
      chunks.push(makeChunk(text.slice(start, at)));
      start = at;
    }
    tried = isCut ? 0 : tried + 1;
    at = lineBehind(text, tried % mostTried === 0 ? at + usualLength : at);
  }
  return [...chunks, makeChunk(text.slice(start))];
}

function indexFrom(text: string, character: string, from: number): number {
  const found = text.indexOf(character, from);
  return found < 0 ? text.length : found;
}

/** The start of the first line behind an offset; the text's end where there is none. */
function lineBehind(text: string, offset: number): number {
  return Math.min(text.length, indexFrom(text, "\n", offset) + 1);
}

/** The text in chunks. */
export function chunkText(text: string): ChunkedText {
  return compose(cut(text));
}

/** The number of the chunk in which an offset lies. */
export function chunkAt({ starts }: ChunkedText, offset: number): number {
  return Math.max(
    0,
    lastNotAbove(starts.length, (index) => starts[index] ?? 0, offset),
  );
}

/** The position of an offset; offsets outside the text are moved to its nearest end. */
export function positionIn(text: ChunkedText, offset: number): Position {
  const index = chunkAt(text, offset);
  const position = text.chunks[index]?.lines.position(offset - (text.starts[index] ?? 0)) ?? { line: 0, character: 0 };
  return { line: position.line + (text.firstLines[index] ?? 0), character: position.character };
}

/** The offset of a position. One behind the end of its line is moved there, as the protocol wants it; one behind all lines, to the text's end. */
export function offsetIn(text: ChunkedText, { line, character }: Position): number {
  const { firstLines } = text;
  const index = Math.max(
    0,
    lastNotAbove(firstLines.length, (each) => firstLines[each] ?? 0, line),
  );
  const chunk = text.chunks[index];
  if (!chunk) return 0;
  const own = line - (firstLines[index] ?? 0);
  const start = chunk.lines.lineStart(own);
  let end = own + 1 < chunk.lines.lineCount ? chunk.lines.lineStart(own + 1) : chunk.text.length;
  while (end > start && isLineEnd(chunk.text.charCodeAt(end - 1))) end--;
  return (text.starts[index] ?? 0) + Math.min(start + character, end);
}

function isLineEnd(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d;
}

/** The text between two offsets. */
export function sliceOf(text: ChunkedText, start: number, end: number): string {
  let slice = "";
  for (let index = chunkAt(text, start); index < text.chunks.length; index++) {
    const from = text.starts[index] ?? 0;
    if (from >= end) break;
    slice += text.chunks[index]?.text.slice(Math.max(0, start - from), end - from) ?? "";
  }
  return slice;
}

/** Whether a text may be a chunk behind another one. */
function standsApart(before: string, text: string): boolean {
  return before.endsWith("\n") && before.length >= usualLength && mayCutBefore(text, 0, before.includes("{"));
}

/** The text with what stands between two offsets replaced. Only chunks that the edit touches are cut anew. */
export function replaceIn(text: ChunkedText, start: number, end: number, replacement: string): ChunkedText {
  const { chunks, starts } = text;
  // At the end of the text no chunk is touched: most of what is added there is a log that goes on.
  let from = start === text.length ? chunks.length : chunkAt(text, start);
  let to = Math.max(from, end === text.length ? chunks.length : chunkAt(text, end) + 1);
  const before = chunks[from]?.text.slice(0, start - (starts[from] ?? 0)) ?? "";
  const after = chunks[to - 1]?.text.slice(end - (starts[to - 1] ?? 0)) ?? "";
  let changed = `${before}${replacement}${to > from ? after : ""}`;
  // A chunk may begin because of its first line, and the next one because of what stands before it.
  for (let previous = chunks[from - 1]; previous && !standsApart(previous.text, changed); previous = chunks[from - 1]) {
    changed = previous.text + changed;
    from--;
  }
  for (let next = chunks[to]; next && !standsApart(changed, next.text); next = chunks[to]) {
    changed += next.text;
    to++;
  }
  return compose([...chunks.slice(0, from), ...cut(changed), ...chunks.slice(to)]);
}
