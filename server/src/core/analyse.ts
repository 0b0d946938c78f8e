import { buildCase, type CaseNode } from "./case/case.js";
import type { ReadFile } from "./case/readFile.js";
import type { Finding } from "./findings/finding.js";
import { atLevel, type Levels } from "./findings/levels.js";
import { decisionsOf } from "./findings/packets/divergedPath.js";
import { conflictsBetweenNodes } from "./findings/pods/conflictsBetweenNodes.js";
import { byGravity, findAll } from "./findings/registry.js";
import { suppressionTest } from "./findings/suppressions.js";
import type { Fix } from "./fixes/fix.js";
import { fixesFor } from "./fixes/registry.js";
import { noteEarlier } from "./state/earlierState.js";

/** A finding with its fixes, best first. */
export interface AnalysedFinding {
  readonly finding: Finding;
  /** Worked out when first asked for: simulating costs more than finding, and most findings are only listed. */
  readonly fixes: readonly Fix[];
}

export interface NodeAnalysis {
  readonly node: CaseNode;
  /** Gravest first. */
  readonly findings: readonly AnalysedFinding[];
  /** How many findings a comment in their file silences. */
  readonly suppressed: number;
}

/** All there is to say about the files of a case. */
export interface Analysis {
  readonly nodes: readonly NodeAnalysis[];
}

export interface AnalyseOptions {
  /** Levels by code, where they are not the default ones. */
  readonly levels?: Levels;
  /** The analysis of an earlier version of the files. The answer is the same without it; what did not change is found out sooner with it. */
  readonly before?: Analysis | undefined;
}

function withFixes(node: CaseNode, finding: Finding): AnalysedFinding {
  let fixes: readonly Fix[] | undefined;
  return {
    finding,
    get fixes() {
      fixes ??= fixesFor(node, finding);
      return fixes;
    },
  };
}

function analyseNode(node: CaseNode, between: readonly Finding[], levels: Levels): NodeAnalysis {
  const isSilenced = suppressionTest(node.files);
  const all = [...findAll(node), ...between].flatMap((finding) => atLevel(finding, levels) ?? []);
  const shown = all.filter(({ code, place }) => !isSilenced(code, place));
  return {
    node,
    findings: shown.sort(byGravity).map((finding) => withFixes(node, finding)),
    suppressed: all.length - shown.length,
  };
}

/** Reads files as a case and says all there is to say about it. Pure: the same files, the same answer. */
export function analyse(files: readonly ReadFile[], { levels = {}, before }: AnalyseOptions = {}): Analysis {
  const { nodes } = buildCase(files);
  for (const { name, state } of nodes) {
    const earlier = before?.nodes.find(({ node }) => node.name === name);
    if (earlier) noteEarlier(state, earlier.node.state);
  }
  const between = conflictsBetweenNodes(nodes);
  return { nodes: nodes.map((node) => analyseNode(node, between.get(node) ?? [], levels)) };
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
