import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { analyse, type Finding, readFile, type SourceFile } from "../../../server/src/core/index.js";
import type { Expectation, WantedFinding } from "./expectation.js";

/** A finding with the line it is on. */
export interface FoundFinding {
  readonly finding: Finding;
  /** Starts at 1. */
  readonly line: number;
  readonly lineText: string;
}

export interface SampleVerdict {
  readonly expectation: Expectation;
  readonly found: readonly FoundFinding[];
  /** Wanted findings that are not there, or are louder than their evidence allows. */
  readonly missed: readonly WantedFinding[];
  /** Findings at warning or above that nothing wants. */
  readonly falseAlarms: readonly FoundFinding[];
}

/** The sample as its user would have saved it: one file in a folder for each node. Lines keep their numbers. */
function filesOf(path: string, { name, secondNodeFrom }: Expectation): SourceFile[] {
  const text = readFileSync(path, "utf8");
  const at = secondNodeFrom === undefined ? -1 : text.indexOf(secondNodeFrom);
  const file = `${name}/${basename(path)}`;
  if (at < 0) return [{ file, text }];
  const blankLines = text.slice(0, at).replace(/[^\n]/g, "");
  return [
    { file, text: text.slice(0, at) },
    { file: `${name}-second/${basename(path)}`, text: blankLines + text.slice(at) },
  ];
}

function oneSpace(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function isLoud({ finding }: FoundFinding): boolean {
  return finding.severity === "error" || finding.severity === "warning";
}

function isOn({ codes, fragment }: WantedFinding, { finding, lineText }: FoundFinding): boolean {
  return codes.includes(finding.code) && oneSpace(lineText).includes(oneSpace(fragment));
}

/** Analyses one sample and compares what is found with what is wanted. */
export function evaluateSample(path: string, expectation: Expectation): SampleVerdict {
  const files = filesOf(path, expectation);
  const findings = analyse(files.map(readFile)).nodes.flatMap((node) => node.findings.map(({ finding }) => finding));
  const found = findings.map((finding): FoundFinding => {
    const text = files.find(({ file }) => file === finding.place.file)?.text ?? "";
    const line = text.slice(0, finding.place.start).split("\n").length;
    return { finding, line, lineText: text.split("\n")[line - 1] ?? "" };
  });
  const { kind, wanted, also } = expectation;
  const allowed = (each: FoundFinding) => kind === "named" || !isLoud(each);
  return {
    expectation,
    found,
    missed: wanted.filter((want) => !found.some((each) => isOn(want, each) && allowed(each))),
    falseAlarms: found.filter(
      (each) => isLoud(each) && ![...(kind === "named" ? wanted : []), ...also].some((want) => isOn(want, each)),
    ),
  };
}
