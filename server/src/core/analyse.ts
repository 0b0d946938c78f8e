import { type CaseNode, caseSteps } from "./case/case.js";
import type { ReadFile } from "./case/readFile.js";
import type { Finding } from "./findings/finding.js";
import { atLevel, type Levels } from "./findings/levels.js";
import { decisionsOf } from "./findings/packets/divergedPath.js";
import { conflictsBetweenNodes } from "./findings/pods/conflictsBetweenNodes.js";
import { byGravity, findingSteps } from "./findings/registry.js";
import { suppressionTest } from "./findings/suppressions.js";
import type { Fix } from "./fixes/fix.js";
import { fixesFor } from "./fixes/registry.js";
import { noteEarlier } from "./state/earlierState.js";
import { allSteps, type Steps } from "./text/steps.js";

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

/** Findings about a node, gravest first, as the user wants to see them. */
function shownFindings(node: CaseNode, found: readonly Finding[], levels: Levels): Omit<NodeAnalysis, "node"> {
  const isSilenced = suppressionTest(node.files);
  const all = found.flatMap((finding) => atLevel(finding, levels) ?? []);
  const shown = all.filter(({ code, place }) => !isSilenced(code, place));
  return {
    findings: shown.sort(byGravity).map((finding) => withFixes(node, finding)),
    suppressed: all.length - shown.length,
  };
}

/** `analyse`, a packet or a kind of finding at a time. */
export function* analysisSteps(
  files: readonly ReadFile[],
  { levels = {}, before }: AnalyseOptions = {},
): Steps<Analysis> {
  const { nodes } = yield* caseSteps(files);
  for (const { name, state } of nodes) {
    const earlier = before?.nodes.find(({ node }) => node.name === name);
    if (earlier) noteEarlier(state, earlier.node.state);
  }
  const between = conflictsBetweenNodes(nodes);
  const analysed: NodeAnalysis[] = [];
  for (const node of nodes) {
    const found = yield* findingSteps(node);
    analysed.push({ node, ...shownFindings(node, [...found, ...(between.get(node) ?? [])], levels) });
  }
  return { nodes: analysed };
}

/** Reads files as a case and says all there is to say about it. Pure: the same files, the same answer. */
export function analyse(files: readonly ReadFile[], options: AnalyseOptions = {}): Analysis {
  return allSteps(analysisSteps(files, options));
}

/**
 * An analysis with what else is found out where other nodes are known that may be of the same cluster: addresses that these and its nodes
 * have. For nodes whose files are analysed by themselves.
 */
export function analyseBeside(analysis: Analysis, others: readonly CaseNode[], levels: Levels = {}): Analysis {
  if (others.length === 0) return analysis;
  return {
    nodes: analysis.nodes.map(({ node, findings, suppressed }) => {
      const between = conflictsBetweenNodes([...others, node]).get(node) ?? [];
      const more = shownFindings(node, between, levels);
      const all = [...findings, ...more.findings].sort((a, b) => byGravity(a.finding, b.finding));
      return { node, findings: all, suppressed: suppressed + more.suppressed };
    }),
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
