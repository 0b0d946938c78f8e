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

/**
 * Puts an excerpt together.
 *
 * @param pieces byte ranges in the file, in any order; equal ones count once
 * @param read the text in a range; empty where the file no longer has it
 */
export function composeExcerpt(file: string, pieces: Iterable<Span>, read: (piece: Span) => string): Excerpt {
  const sorted = [...pieces].sort((a, b) => a.start - b.start);
  const distinct = sorted.filter(({ start }, index) => index === 0 || start !== sorted[index - 1]?.start);
  const starts: number[] = [];
  const texts: string[] = [];
  let length = 0;
  for (const piece of distinct) {
    const text = read(piece);
    starts.push(length);
    texts.push(text, "\n");
    length += text.length + 1;
  }
  return { file, text: texts.join(""), starts, pieces: distinct };
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
