import { buildCase, type CaseNode } from "./case/case.js";
import type { ReadFile } from "./case/readFile.js";
import { decisionsOf } from "./findings/divergedPath.js";
import type { Finding } from "./findings/finding.js";
import { findAll } from "./findings/registry.js";
import type { Fix } from "./fixes/fix.js";
import { fixesFor } from "./fixes/registry.js";

/** A finding with its fixes, best first. */
export interface AnalysedFinding {
  readonly finding: Finding;
  readonly fixes: readonly Fix[];
}

export interface NodeAnalysis {
  readonly node: CaseNode;
  /** Gravest first. */
  readonly findings: readonly AnalysedFinding[];
}

/** All there is to say about the files of a case. */
export interface Analysis {
  readonly nodes: readonly NodeAnalysis[];
}

/** Reads files as a case and says all there is to say about it. Pure: the same files, the same answer. */
export function analyse(files: readonly ReadFile[]): Analysis {
  return {
    nodes: buildCase(files).nodes.map((node) => ({
      node,
      findings: findAll(node).map((finding) => ({ finding, fixes: fixesFor(node, finding) })),
    })),
  };
}

/** The fixes that help against a finding: its own, or those of the rule that sent its packet astray. */
export function fixesAgainst({ findings }: NodeAnalysis, finding: Finding): readonly Fix[] {
  if (finding.data.code !== "diverged-path") {
    return findings.find((analysed) => analysed.finding === finding)?.fixes ?? [];
  }
  const { taken } = decisionsOf(finding.data.trace);
  return findings.flatMap(({ finding: { data }, fixes }) =>
    data.code === "shadowing-rule" && data.rule === taken?.rule ? fixes : [],
  );
}
