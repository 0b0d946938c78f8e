import {
  analyse,
  caseStory,
  explainTrace,
  fixesAgainst,
  missingEvidence,
  type NodeAnalysis,
  proofLines,
  rewalkPacket,
} from "../../core/index.js";
import { findingJson } from "../findingJson.js";
import { indent, SourceMap } from "../output.js";
import { readPaths } from "../readPaths.js";
import { walkText } from "../walkText.js";

function heading(text: string): string[] {
  return [text, "=".repeat(text.length), ""];
}

function nodeText(analysis: NodeAnalysis, sources: SourceMap): string[] {
  const { node, findings } = analysis;
  const walks = caseStory(analysis, (place) => sources.text(place));
  const broken = walks.filter(({ status }) => status === "broken");
  const others = walks.filter(({ status }) => status !== "broken");
  const causes = findings.filter(({ finding }) => finding.severity === "error" || finding.severity === "warning");
  const missing = missingEvidence(analysis);
  return [
    ...heading(`Node ${node.name}: ${walks.length} packets, ${broken.length} of them broken`),
    ...broken.flatMap((walk) => [...walkText(walk, sources), ""]),
    ...causes.flatMap(({ finding }) => [
      `${sources.label(finding.place)}: ${finding.message}`,
      ...indent(sources.caretLines(finding.place)),
      "",
    ]),
    ...repairText(analysis, sources),
    ...(others.length > 0
      ? [...heading("The other packets"), ...others.flatMap((walk) => [...walkText(walk, sources), ""])]
      : []),
    ...(missing.length > 0
      ? [...heading("What the files do not show"), ...missing.map((sentence) => `- ${sentence}`), ""]
      : []),
  ];
}

function repairText(analysis: NodeAnalysis, sources: SourceMap): string[] {
  const { node, findings } = analysis;
  const lines = findings.flatMap(({ finding, fixes }) =>
    fixes.flatMap((fix, index) => [
      `${index === 0 ? "Fix" : "Or"}: ${fix.title}`,
      ...indent(fix.commands, "    "),
      ...indent(proofLines(fix)),
      ...indent(["Undo:", ...indent(fix.undo)]),
      ...node.traces
        .filter((trace) => trace.parting !== undefined && fixesAgainst(analysis, finding).includes(fix))
        .flatMap((trace) => rewalkPacket(node.context, trace, fix.state) ?? [])
        .map((trace) => explainTrace(trace, (place) => sources.text(place)))
        .map((walk) => `  Walked again with it: ${walk.title}: ${walk.outcome}`),
      "",
    ]),
  );
  return lines.length > 0 ? [...heading("The repair, as simulated"), ...lines] : [];
}

/** `packetwalk explain PATH...`: the whole story. Returns the exit code. */
export async function explain(
  paths: readonly string[],
  format: "text" | "json",
  print: (line: string) => void,
): Promise<number> {
  const files = await readPaths(paths);
  const { nodes } = analyse(files);
  const sources = new SourceMap(files);
  if (format === "json") {
    const stories = nodes.map((analysis) => ({
      name: analysis.node.name,
      walks: caseStory(analysis, (place) => sources.text(place)).map((walk) => ({
        ...walk,
        ...withPlaces(walk, sources),
      })),
      findings: analysis.findings.map((analysed) => findingJson(analysis, analysed, sources)),
      missing: missingEvidence(analysis),
    }));
    print(JSON.stringify({ version: 1, nodes: stories }, null, 2));
    return 0;
  }
  for (const analysis of nodes) for (const line of nodeText(analysis, sources)) print(line);
  return 0;
}

/** Evidence with lines and columns in the place of offsets. */
export function withPlaces(walk: ReturnType<typeof explainTrace>, sources: SourceMap) {
  const hops = (list: typeof walk.hops) =>
    list.map((hop) => ({
      ...hop,
      evidence: hop.evidence.map(({ place, ...rest }) => ({ ...rest, ...sources.place(place) })),
    }));
  return { hops: hops(walk.hops), ...(walk.expected ? { expected: hops(walk.expected) } : {}) };
}
