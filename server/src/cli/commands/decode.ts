import { eventSentence, type ReadFile, readFile } from "../../core/index.js";
import { messagePieces } from "../../node/capture/messagePieces.js";
import { printable, SourceMap } from "../output.js";
import { listPaths, standardInput, UnusablePath } from "../readPaths.js";

export type DecodeFormat = "text" | "json";

/** What one piece of a file says, an event or a problem a line. `firstLine` is the number of the line before the piece. */
function decodePiece(read: ReadFile, firstLine: number, format: DecodeFormat, print: (line: string) => void): void {
  const { file, events, problems } = read;
  const sources = new SourceMap([read]);
  const lines = [
    ...events.map((event) => ({ place: event.place, type: event.type, sentence: eventSentence(event) })),
    ...problems.map(({ place, message }) => ({ place, type: "problem", sentence: message })),
  ].sort((a, b) => a.place.start - b.place.start);
  for (const { place, type, sentence } of lines) {
    const line = firstLine + sources.place(place).line;
    print(
      format === "json"
        ? JSON.stringify(type === "problem" ? { type, file, line, message: sentence } : { type, file, line, sentence })
        : `${file}:${line}: ${type === "problem" ? "can't be read: " : ""}${printable(sentence)}`,
    );
  }
}

/**
 * `packetwalk decode [PATH]`: each event in one readable line, what can't be read among them in its place. Prints while it reads, and holds a
 * few megabytes only.
 */
export async function decode(
  paths: readonly string[],
  format: DecodeFormat,
  print: (line: string) => void,
): Promise<number> {
  for await (const { file, stream } of listPaths(paths)) {
    try {
      for await (const { text, firstLine } of messagePieces(stream, file === standardInput)) {
        decodePiece(readFile({ file, text }), firstLine, format, print);
      }
    } catch (error) {
      throw new UnusablePath(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return 0;
}
