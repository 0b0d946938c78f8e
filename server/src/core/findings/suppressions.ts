import type { SourceFile } from "../case/readFile.js";
import type { Place } from "../text/span.js";

/** What the comments of one file silence. */
export interface Suppressions {
  /** Codes that are silenced in the whole file; `*` for all. */
  readonly file: ReadonlySet<string>;
  /** The same by the offset at which a line begins. */
  readonly lines: ReadonlyMap<number, ReadonlySet<string>>;
}

const marker = "packetwalk: ignore";

/** A line that is nothing but the comment: `# packetwalk: ignore CODE, CODE`, `// packetwalk: ignore-file CODE`. */
const comment = /^[\s>|+*-]{0,20}(?:#|\/\/) ?packetwalk: ignore(-file)?(?:[ \t]+([a-z][a-z, \t-]{0,400}))?[ \t]*$/;

const none: Suppressions = { file: new Set(), lines: new Map() };

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function codesOf(list: string | undefined): string[] {
  const codes = (list ?? "").split(/[\s,]+/).filter((word) => word !== "");
  return codes.length === 0 ? ["*"] : codes;
}

/** Reads the comments of a text. Linear: only lines with the marker are looked at. */
export function readSuppressions(text: string): Suppressions {
  let at = text.indexOf(marker);
  if (at < 0) return none;
  const file = new Set<string>();
  const lines = new Map<number, Set<string>>();
  /** Codes of the comments that stand directly above one another: all of them are about the line behind the last. */
  let pending = new Set<string>();
  let next = -1;
  while (at >= 0) {
    const start = lineStart(text, at);
    const end = lineEnd(text, at);
    const found = end - start > 500 ? null : comment.exec(text.slice(start, end).replace(/\r$/, ""));
    if (found?.[1]) for (const code of codesOf(found[2])) file.add(code);
    else if (found) {
      if (start !== next) pending = new Set();
      lines.delete(start);
      for (const code of codesOf(found[2])) pending.add(code);
      next = end + 1;
      lines.set(next, pending);
    }
    at = text.indexOf(marker, end);
  }
  return { file, lines };
}

function silences(codes: ReadonlySet<string> | undefined, code: string): boolean {
  return codes !== undefined && (codes.has(code) || codes.has("*"));
}

/** Whether a comment in the text of a finding's file silences it: above its line, or for the whole file. */
export function isSuppressed({ file, lines }: Suppressions, text: string, code: string, place: Place): boolean {
  if (silences(file, code)) return true;
  return lines.size > 0 && silences(lines.get(lineStart(text, place.start)), code);
}

/** Tells for the findings of several files whether a comment silences them. Each file's comments are read once, when first asked for. */
export function suppressionTest(files: readonly SourceFile[]): (code: string, place: Place) => boolean {
  const known = new Map<string, Suppressions>();
  return (code, place) => {
    const text = files.find(({ file }) => file === place.file)?.text;
    if (text === undefined) return false;
    const suppressions = known.get(place.file) ?? readSuppressions(text);
    known.set(place.file, suppressions);
    return isSuppressed(suppressions, text, code, place);
  };
}

/** The line to insert above a finding's line to silence it there. */
export function suppressionComment(code: string): string {
  return `# ${marker} ${code}`;
}
