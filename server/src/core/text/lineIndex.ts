/** A position as people and editors count it. Both numbers start at 0; `character` counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Converts between offsets and line/character positions. Built once per text, in one pass. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    if (!text.includes("\r")) {
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
      return;
    }
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 13 && text.charCodeAt(at + 1) === 10) continue;
      if (unit === 10 || unit === 13) this.#starts.push(at + 1);
    }
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The position of an offset; offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStart(middle) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - this.lineStart(low) };
  }

  /** The offset of a position; positions outside the text are moved to its nearest end. */
  offset({ line, character }: Position): number {
    if (line < 0) return 0;
    if (line >= this.#starts.length) return this.#length;
    return Math.min(this.lineStart(line) + Math.max(0, character), this.#length);
  }

  /** The offset at which a line starts; the text's length for a line behind the last. */
  lineStart(line: number): number {
    return this.#starts[line] ?? this.#length;
  }
}
