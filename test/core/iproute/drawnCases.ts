import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders of this repository, seen from where the tests run. */
export const fixtures = join("test", "fixtures", "iproute");

export interface DrawnCase {
  readonly name: string;
  readonly input: string;
  readonly expected: string;
}

/** Characters that cannot be seen are drawn by others. */
const visible: readonly (readonly [RegExp, string])[] = [
  [/→/g, "\t"],
  [/␛/g, "\x1b"],
  [/␍/g, "\r"],
  [/␀/g, "\0"],
  [/·/g, " "],
  // The text ends here, without a line's end.
  [/␃\n$/, ""],
];

/** The cases of a drawing: `=== name`, the text, `---`, and what is read from it. */
export function drawnCases(drawing: string): DrawnCase[] {
  return drawing
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^---\n/m);
      const end = head.indexOf("\n");
      const input = visible.reduce((text, [drawn, meant]) => text.replace(drawn, meant), head.slice(end + 1));
      return { name: head.slice(0, end), input, expected: expected.trimEnd() };
    });
}

/** The drawings of the folder, by file. */
export function drawings(): readonly { readonly file: string; readonly cases: readonly DrawnCase[] }[] {
  return readdirSync(fixtures)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((file) => ({ file, cases: drawnCases(readFileSync(join(fixtures, file), "utf8")) }));
}
