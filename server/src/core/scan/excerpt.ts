import type { Span } from "../text/span.js";

/**
 * Some events of a large capture as a small text, a line (or block of lines) for each, in the order of the file. Everything that reads a
 * capture reads it, and `offsetOf` leads from each place in it back to the file.
 */
export interface Excerpt {
  /** The name of the file it is from. */
  readonly file: string;
  readonly text: string;
  /** Where the pieces start in `text`, ascending. */
  readonly starts: readonly number[];
  /** Where in the file each piece stands, in bytes. */
  readonly pieces: readonly Span[];
}

/** Line ends around a piece, which may be a whole run of lines. */
function withoutLineEnds(text: string): { readonly before: number; readonly text: string } {
  let start = 0;
  while (text[start] === "\n" || text[start] === "\r") start++;
  let end = text.length;
  while (end > start && (text[end - 1] === "\n" || text[end - 1] === "\r")) end--;
  return { before: start, text: text.slice(start, end) };
}

/**
 * Puts an excerpt together. An empty line stands where lines of the file are left out, so that nothing is taken to be about a line that it
 * did not stand above.
 *
 * @param pieces byte ranges in the file, in any order; equal ones count once
 * @param read the text in a range; empty where the file no longer has it
 */
export function composeExcerpt(file: string, pieces: Iterable<Span>, read: (piece: Span) => string): Excerpt {
  const sorted = [...pieces].sort((a, b) => a.start - b.start);
  const starts: number[] = [];
  const texts: string[] = [];
  const composed: Span[] = [];
  let length = 0;
  let end = 0;
  sorted.forEach((piece, index) => {
    if (index > 0 && piece.start === sorted[index - 1]?.start) return;
    const { before, text } = withoutLineEnds(read(piece));
    if (piece.start - end > 2) {
      texts.push("\n");
      length++;
    }
    starts.push(length);
    composed.push({ start: piece.start + before, end: piece.end });
    texts.push(text, "\n");
    length += text.length + 1;
    end = piece.end;
  });
  return { file, text: texts.join(""), starts, pieces: composed };
}

/** The piece that a position in the text of an excerpt lies in, by its number. */
export function pieceAt({ starts }: Excerpt, position: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** The byte offset in the file of a position in the text of an excerpt. */
export function offsetOf(excerpt: Excerpt, position: number): number {
  const piece = pieceAt(excerpt, position);
  const start = excerpt.pieces[piece]?.start ?? 0;
  return start + utf8Length(excerpt.text.slice(excerpt.starts[piece] ?? 0, position));
}
