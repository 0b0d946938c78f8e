import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { SourceFile } from "../../../server/src/core/index.js";
import { expandShortEvent } from "./shortEvent.js";

/** A finding drawn under the line that has it. */
export interface DrawnFinding {
  readonly file: string;
  /** Offset of the first caret, in the text without its markers; under a short event that of its `observationPoint`. */
  readonly start: number;
  readonly severity: string;
  readonly code: string;
  /** What the message must contain, one or several parts. */
  readonly parts: readonly string[];
}

/** A case drawn in one file of test/fixtures/cases: see its README. */
export interface DrawnCase {
  readonly files: readonly SourceFile[];
  readonly findings: readonly DrawnFinding[];
  /** Text of the expectation sections (`=== expect walks` ...), by their names. */
  readonly expected: ReadonlyMap<string, string>;
}

const marker = /^(\s*)\^+ (error|warning|information|hint) ([a-z-]+)(?:: (.*))?$/;

function withoutMarkers(file: string, lines: readonly string[]): { text: string; findings: DrawnFinding[] } {
  const findings: DrawnFinding[] = [];
  let text = "";
  let lineStart = 0;
  for (const line of lines) {
    const drawn = marker.exec(line);
    if (drawn) {
      const [, blanks = "", severity = "", code = "", parts = ""] = drawn;
      const field = text.indexOf('"observationPoint"', lineStart);
      findings.push({
        file,
        start: field < 0 ? lineStart + blanks.length : field,
        severity,
        code,
        parts: parts.split(" | ").filter(Boolean),
      });
      continue;
    }
    lineStart = text.length;
    text += `${line.startsWith("@ ") ? expandShortEvent(line) : line}\n`;
  }
  return { text, findings };
}

/** Reads a drawn case by its name. */
export function drawnCase(name: string): DrawnCase {
  const sections = readFileSync(resolve("test/fixtures/cases", name), "utf8").split(/^=== /m).slice(1);
  const files: SourceFile[] = [];
  const findings: DrawnFinding[] = [];
  const expected = new Map<string, string>();
  for (const section of sections) {
    const [title = "", ...lines] = section.replace(/\n+$/, "").split("\n");
    if (title.startsWith("expect ")) {
      expected.set(title.slice("expect ".length), lines.join("\n").trim());
      continue;
    }
    const read = withoutMarkers(title, lines);
    files.push({ file: title, text: read.text });
    findings.push(...read.findings);
  }
  return { files, findings, expected };
}
