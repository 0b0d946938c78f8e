import { eventSentence } from "../../core/index.js";
import { printable, SourceMap } from "../output.js";
import { readPaths } from "../readPaths.js";

/** `packetwalk decode [PATH]`: each event in one readable line, what can't be read among them in its place. */
export async function decode(
  paths: readonly string[],
  format: "text" | "json",
  print: (line: string) => void,
): Promise<number> {
  const files = await readPaths(paths);
  const sources = new SourceMap(files);
  for (const { file, events, problems } of files) {
    const lines = [
      ...events.map((event) => ({ place: event.place, type: event.type, sentence: eventSentence(event) })),
      ...problems.map(({ place, message }) => ({ place, type: "problem", sentence: message })),
    ].sort((a, b) => a.place.start - b.place.start);
    for (const { place, type, sentence } of lines) {
      const { line } = sources.place(place);
      print(
        format === "json"
          ? JSON.stringify(
              type === "problem" ? { type, file, line, message: sentence } : { type, file, line, sentence },
            )
          : `${file}:${line}: ${type === "problem" ? "can't be read: " : ""}${printable(sentence)}`,
      );
    }
  }
  return 0;
}
