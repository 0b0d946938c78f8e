import { LineIndex, type Place, type ReadFile, type Trace } from "../core/index.js";

/** Where a place is, as people and compilers count: lines and columns from 1. */
export interface HumanPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

type Packet = Trace["packet"];

/** Leads from excerpts to the files that they are of; answers `undefined` for what is of a whole file. */
export interface ExcerptOrigin {
  /** The line and column, from 0, of a position in an excerpt's text. */
  readonly placeInFile: (
    file: string,
    position: number,
  ) => { readonly line: number; readonly column: number } | undefined;
  /** The number that a packet of an excerpt has in its file. */
  readonly packetInFile: (packet: Packet) => number | undefined;
}

/** Turns places into lines and columns, and shows the source under them. */
export class SourceMap {
  readonly #files: ReadonlyMap<string, ReadFile>;
  readonly #indices = new Map<string, LineIndex>();

  readonly #origin: ExcerptOrigin | undefined;

  /** @param origin where some of the files are excerpts of larger ones */
  constructor(files: readonly ReadFile[], origin?: ExcerptOrigin) {
    this.#files = new Map(files.map((read) => [read.file, read]));
    this.#origin = origin;
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
    const start = this.#position(place, index, place.start);
    const end = this.#position(place, index, place.end);
    return {
      file: place.file,
      line: start.line + 1,
      column: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
    };
  }

  #position(place: Place, index: LineIndex, offset: number): { readonly line: number; readonly column: number } {
    const found = this.#origin?.placeInFile(place.file, offset);
    if (found) return found;
    const { line, character } = index.position(offset);
    return { line, column: character };
  }

  /** The number of a packet in its file. */
  packetNumber(packet: Packet): number {
    return this.#origin?.packetInFile(packet) ?? packet.number;
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
