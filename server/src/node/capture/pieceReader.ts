import type { Span } from "../../core/text/span.js";

/** Pieces that stand closer are read at once: reading what is between costs less than asking again. */
const near = 1 << 13;

/** Read at once at most, unless a single piece is longer. */
const most = 1 << 18;

/**
 * Reads pieces of a file, several at once where they stand close together.
 *
 * @param pieces ascending
 * @param readBytes the bytes of a range; fewer where the file has fewer
 * @returns the bytes of a piece; pieces must be asked for in their order
 */
export function pieceReader(
  pieces: readonly Span[],
  readBytes: (start: number, end: number) => Uint8Array,
): (piece: Span) => Uint8Array {
  let block: Uint8Array = new Uint8Array();
  let from = 0;
  let to = 0;
  let next = 0;
  return ({ start, end }) => {
    if (start < from || end > to) {
      while (next < pieces.length && (pieces[next]?.start ?? 0) < start) next++;
      from = start;
      to = end;
      for (
        let piece = pieces[next];
        piece && piece.start - to < near && piece.end - from < most;
        piece = pieces[++next]
      ) {
        to = Math.max(to, piece.end);
      }
      block = readBytes(from, to);
    }
    return block.subarray(start - from, end - from);
  };
}
