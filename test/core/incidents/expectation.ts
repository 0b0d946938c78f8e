import { readFileSync } from "node:fs";

/** A finding that is wanted: one of these codes, on a line that holds the fragment. */
export interface WantedFinding {
  readonly codes: readonly string[];
  readonly fragment: string;
}

/** What is wanted of one sample; how it is written, test/fixtures/incidents/README.md says. */
export interface Expectation {
  readonly name: string;
  /**
   * - `named`: every wanted finding must be there, at any level.
   * - `conditional`: likewise, and none of them above an information.
   * - `open`: the sample lacks the evidence, so nothing may be found at warning or above.
   * - `silent`: it is as it should be, likewise.
   */
  readonly kind: "named" | "conditional" | "open" | "silent";
  readonly wanted: readonly WantedFinding[];
  /** Findings that are right beside the wanted ones. */
  readonly also: readonly WantedFinding[];
  /** Why nothing is wanted, where nothing is. */
  readonly why: string;
  /** The line from which on the text is another node's. */
  readonly secondNodeFrom?: string;
}

const blank = { wanted: [], also: [], why: "" } as const;

function wantedFinding(words: string): WantedFinding {
  const [codes = "", fragment = ""] = words.split(/ at (.*)/s);
  return { codes: codes.split("|"), fragment };
}

function withLine(expectation: Expectation, line: string): Expectation {
  const [, word = "", rest = ""] = /^\s+(\w+):?\s*(.*)$/.exec(line) ?? [];
  switch (word) {
    case "named":
    case "conditional":
      return { ...expectation, kind: word, wanted: [...expectation.wanted, wantedFinding(rest)] };
    case "also":
      return { ...expectation, also: [...expectation.also, wantedFinding(rest)] };
    case "open":
    case "silent":
      return { ...expectation, kind: word, why: rest };
    case "secondNode":
      return { ...expectation, secondNodeFrom: rest };
    default:
      throw new Error(`expectations: "${line}" is none`);
  }
}

/** Reads a file of expectations. A sample that it does not name is wanted silent. */
export function readExpectations(file: string): Map<string, Expectation> {
  const expectations = new Map<string, Expectation>();
  let name = "";
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    if (!line.startsWith(" ")) {
      name = line.trim();
      expectations.set(name, { name, kind: "silent", ...blank });
      continue;
    }
    const known = expectations.get(name);
    if (known) expectations.set(name, withLine(known, line));
  }
  return expectations;
}

/** What is wanted of a sample that no line speaks of. */
export function silence(name: string): Expectation {
  return { name, kind: "silent", ...blank };
}
