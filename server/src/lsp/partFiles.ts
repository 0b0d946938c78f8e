import { type CasePart, type Excerpt, type IndexedCapture, pieceAt } from "../core/index.js";
import type { KnownFile, Positions } from "./wholeFiles.js";

/** Positions in the large file of what stands in an excerpt of it. Where it is a document, they lead back as well. */
function positionsIn(excerpt: Excerpt, capture: IndexedCapture): Positions {
  const { offsetAt } = capture;
  return offsetAt ? positionsInDocument(excerpt, capture, offsetAt) : positionsInFile(excerpt, capture);
}

function positionsInDocument(
  excerpt: Excerpt,
  { lineAt }: IndexedCapture,
  offsetAt: NonNullable<IndexedCapture["offsetAt"]>,
): Positions {
  const { pieces, starts } = excerpt;
  return {
    position(offset) {
      const piece = pieceAt(excerpt, offset);
      const { line, column } = lineAt((pieces[piece]?.start ?? 0) + offset - (starts[piece] ?? 0));
      return { line, character: column };
    },
    offset({ line, character }) {
      const offset = offsetAt(line, character);
      const piece = pieceAt({ ...excerpt, starts: pieces.map(({ start }) => start) }, offset);
      const span = pieces[piece];
      return span && span.start <= offset && offset <= span.end
        ? (starts[piece] ?? 0) + offset - span.start
        : undefined;
    },
  };
}

function positionsInFile(excerpt: Excerpt, capture: IndexedCapture): Positions {
  const known = new Map<number, { readonly line: number; readonly column: number }>();
  return {
    position(offset) {
      const piece = pieceAt(excerpt, offset);
      const begin = known.get(piece) ?? capture.lineAt(excerpt.pieces[piece]?.start ?? 0);
      known.set(piece, begin);
      const before = excerpt.text.slice(excerpt.starts[piece] ?? 0, offset).split(/\r\n|[\r\n]/);
      const last = before.at(-1)?.length ?? 0;
      return before.length === 1
        ? { line: begin.line, character: begin.column + last }
        : { line: begin.line + before.length - 1, character: last };
    },
    offset: () => undefined,
  };
}

/**
 * The files of a part of a large case, as the editor knows them.
 *
 * @param whole the files that were read whole
 */
export function partFiles(
  part: CasePart,
  captures: readonly IndexedCapture[],
  whole: ReadonlyMap<string, KnownFile>,
): Map<string, KnownFile> {
  const files = new Map<string, KnownFile>(whole);
  for (const read of part.files) {
    const excerpt = part.excerpts.get(read.file);
    const capture = captures.find(({ file }) => file === read.file);
    if (excerpt && capture) files.set(read.file, { read, lines: positionsIn(excerpt, capture) });
  }
  return files;
}
