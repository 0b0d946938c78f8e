import { type SampleSet, totalsOf, verdictWord } from "./evaluate.js";
import type { FoundFinding, SampleVerdict } from "./evaluateSample.js";
import type { Expectation, WantedFinding } from "./expectation.js";

function wantedWords({ kind, wanted, why }: Expectation): string[] {
  if (wanted.length === 0) return [[kind, why].filter(Boolean).join(": ")];
  return wanted.map(({ codes, fragment }: WantedFinding) => `${kind} ${codes.join("|")} at ${fragment}`);
}

function foundWords({ finding, line }: FoundFinding): string {
  const { severity, code, confidence } = finding;
  return `${line} ${severity} ${code}${confidence === "confirmed" ? "" : ` (${confidence})`}`;
}

/** The lines of a set's table: for each sample its verdict, what is wanted (`-`) and what was found (`+`, with its line), and totals. */
export function evaluationTable(set: SampleSet, verdicts: readonly SampleVerdict[]): string[] {
  const rows = verdicts.flatMap((verdict) => [
    `${verdictWord(verdict).padEnd(12)} ${verdict.expectation.name}`,
    ...wantedWords(verdict.expectation).map((words) => `             - ${words}`),
    ...verdict.found.map((found) => `             + ${foundWords(found)}`),
  ]);
  const { named, positives, conditional, uncertain, silent, quiet, falseAlarms } = totalsOf(verdicts);
  return [
    `## ${set}`,
    ...rows,
    `${set}: ${named} of ${positives} causes named, ${conditional} of ${uncertain} named conditionally, ${silent} of ${quiet} left alone, ${falseAlarms} false alarms`,
  ];
}
