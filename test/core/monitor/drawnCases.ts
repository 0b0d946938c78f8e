import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** One case of a drawn fixture: input and expectation as they stand in the file. */
export interface DrawnCase {
  readonly name: string;
  readonly input: string;
  /** The lines below the input that begin with `=> `, without it. */
  readonly expected: readonly string[];
  /** Those that begin with `! `. */
  readonly unwanted: readonly string[];
}

/** How characters that an editor would not show are drawn. */
const drawn: readonly (readonly [string, string])[] = [
  ["␛", "\x1b"],
  ["␀", "\0"],
  ["␍", "\r"],
  ["␇", "\x07"],
  ["␈", "\b"],
  ["⌁", "\ufeff"],
  ["⇤", "\u202e"],
];

/**
 * The cases of a file in test/fixtures, which is looked for from the project's root. A case begins with `== name`; what follows up to
 * the first `=> ` is its input (a line end before it is the input's own only where an empty line follows).
 */
export function drawnCases(fixture: string): DrawnCase[] {
  const text = readFileSync(resolve("test/fixtures", fixture), "utf8");
  return text
    .split(/^== /m)
    .slice(1)
    .map((block) => {
      const [name = "", ...lines] = block.split("\n");
      const first = lines.findIndex((line) => line.startsWith("=> "));
      const input = lines.slice(0, first < 0 ? lines.length : first).join("\n");
      const below = first < 0 ? [] : lines.slice(first);
      const marked = (mark: string) =>
        below.flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
      return { name, input: undrawn(input), expected: marked("=> "), unwanted: marked("! ") };
    });
}

/** Replaces drawn control characters by the real ones. */
export function undrawn(text: string): string {
  return drawn.reduce((result, [picture, character]) => result.replaceAll(picture, character), text);
}
