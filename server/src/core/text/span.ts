/** A stretch of text: UTF-16 offsets, `start` included, `end` not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch of text in a named file (the name is whatever the shell uses: a URI in the editor, a path on the command line). */
export interface Place extends Span {
  readonly file: string;
}

/** Something in the input that could not be read. Parsers return these beside their value; they never throw. */
export interface Problem {
  readonly place: Place;
  /** A whole sentence for the user. */
  readonly message: string;
}
