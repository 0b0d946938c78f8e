/** A place in a document, as both the editor and the protocol count it. */
export interface DocumentPosition {
  readonly line: number;
  readonly character: number;
}

/** An edit: what stands between two places is replaced by a text. */
export interface DocumentEdit {
  readonly start: DocumentPosition;
  readonly end: DocumentPosition;
  readonly text: string;
}

/** What an edit means for the beginning of a document. */
export interface PartEdit {
  /** The edit as far as it touches the beginning; absent where it touches only what comes behind. */
  readonly edit?: DocumentEdit;
  /** Where the beginning ends when the edit is done. */
  readonly end: DocumentPosition;
}

function isBefore(a: DocumentPosition, b: DocumentPosition): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** Where a text ends that begins at a place. */
function behind({ line, character }: DocumentPosition, text: string): DocumentPosition {
  const lines = text.split(/\r\n|[\r\n]/);
  const last = lines.at(-1)?.length ?? 0;
  return lines.length === 1
    ? { line, character: character + last }
    : { line: line + lines.length - 1, character: last };
}

/**
 * Applies an edit to the beginning of a document, of which somebody else has only that.
 *
 * @param end where the beginning ends
 */
export function editPart({ start, end: editEnd, text }: DocumentEdit, end: DocumentPosition): PartEdit {
  if (!isBefore(start, end)) return { end };
  const inserted = behind(start, text);
  if (isBefore(end, editEnd)) return { edit: { start, end, text }, end: inserted };
  const sameLine = editEnd.line === end.line;
  const character = sameLine ? inserted.character + end.character - editEnd.character : end.character;
  return { edit: { start, end: editEnd, text }, end: { line: end.line + inserted.line - editEnd.line, character } };
}
