import { LineIndex, type Place, type ReadFile } from "../core/index.js";

/** Where a place is, as people and compilers count: lines and columns from 1. */
export interface HumanPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Turns places into lines and columns, and shows the source under them. */
export class SourceMap {
  readonly #files: ReadonlyMap<string, ReadFile>;
  readonly #indices = new Map<string, LineIndex>();

  constructor(files: readonly ReadFile[]) {
    this.#files = new Map(files.map((read) => [read.file, read]));
  }

  #index(file: string): LineIndex {
    const known = this.#indices.get(file);
    if (known) return known;
    const index = new LineIndex(this.#files.get(file)?.text ?? "");
    this.#indices.set(file, index);
    return index;
  }

  text(place: Place): string {
    return this.#files.get(place.file)?.text.slice(place.start, place.end) ?? "";
  }

  place(place: Place): HumanPlace {
    const index = this.#index(place.file);
    const start = index.position(place.start);
    const end = index.position(place.end);
    return {
      file: place.file,
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  }

  /** `FILE:LINE:COL`. */
  label(place: Place): string {
    const { file, line, column } = this.place(place);
    return `${file}:${line}:${column}`;
  }

  /** The line of a place and under it a line of carets, both cut to `width` around the place. */
  caretLines(place: Place, width = 110): string[] {
    const index = this.#index(place.file);
    const { line, character } = index.position(place.start);
    const lineStart = index.lineStart(line);
    const whole = (this.#files.get(place.file)?.text.slice(lineStart, index.lineStart(line + 1)) ?? "").replace(
      /[\r\n]+$/,
      "",
    );
    const from = whole.length <= width ? 0 : Math.max(0, Math.min(character - 20, whole.length - width));
    const shown = printable(whole.slice(from, from + width));
    const length = Math.max(1, Math.min(place.end - place.start, shown.length - (character - from)));
    const mark = (at: number, end: number): string => (at < end ? "…" : "");
    return [
      `${mark(0, from)}${shown}${mark(from + width, whole.length)}`,
      `${from > 0 ? " " : ""}${" ".repeat(character - from)}${"^".repeat(length)}`,
    ];
  }
}

/** Input text for a terminal: control characters, among them escape sequences, are shown as blanks. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}

export function indent(lines: readonly string[], by = "  "): string[] {
  return lines.map((line) => (line === "" ? line : `${by}${line}`));
}
