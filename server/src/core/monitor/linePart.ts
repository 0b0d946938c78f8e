/** A field of a line of text with its place in it, by the path that JSON has for the same. */
export interface LinePart {
  readonly path: readonly string[];
  readonly value: string;
  /** Offsets within the line; `end` is not included. */
  readonly start: number;
  readonly end: number;
}
