import {
  caseStory,
  countPackets,
  explainFacts,
  explainTrace,
  fixesAgainst,
  missingEvidence,
  type NodeAnalysis,
  type PacketCounts,
  proofLines,
  rewalkPacket,
} from "../../core/index.js";
import { analysePaths } from "../analysePaths.js";
import { findingJson } from "../findingJson.js";
import type { OpenOptions } from "../openPaths.js";
import { indent, type SourceMap } from "../output.js";
import { walkText } from "../walkText.js";

function heading(text: string): string[] {
  return [text, "=".repeat(text.length), ""];
}

function nodeText(analysis: NodeAnalysis, sources: SourceMap, counts: PacketCounts | undefined): string[] {
  const { node, findings } = analysis;
  const walks = caseStory(analysis, (place) => sources.text(place));
  const broken = walks.filter(({ status }) => status === "broken");
  const others = walks.filter(({ status }) => status !== "broken");
  const causes = findings.filter(({ finding }) => finding.severity === "error" || finding.severity === "warning");
  const missing = missingEvidence(analysis);
  return [
    ...heading(
      `Node ${node.name}: ${counts?.all ?? walks.length} packets, ${counts?.broken ?? broken.length} of them broken`,
    ),
    ...broken.flatMap((walk) => [...walkText(walk, sources), ""]),
    ...causes.flatMap(({ finding }) => [
      `${sources.label(finding.place)}: ${finding.message}`,
      ...indent(sources.caretLines(finding.place)),
      "",
    ]),
    ...repairText(analysis, sources),
    ...(others.length > 0
      ? [
          ...heading(counts ? "Other packets, one of each kind and those beside broken ones" : "The other packets"),
          ...others.flatMap((walk) => [...walkText(walk, sources), ""]),
        ]
      : []),
    ...setUpText(analysis, sources),
    ...(missing.length > 0
      ? [...heading("What the files do not show"), ...missing.map((sentence) => `- ${sentence}`), ""]
      : []),
  ];
}

/** What the files show of the node's set-up, and what they leave open. */
function setUpText({ node }: NodeAnalysis, sources: SourceMap): string[] {
  const lines = explainFacts(node).map(
    ({ title, sentence, place }) => `- ${title}. ${sentence}${place ? ` (see ${sources.label(place)})` : ""}`,
  );
  return lines.length > 0 ? [...heading("The set-up of the node"), ...lines, ""] : [];
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

export interface ExplainOptions extends OpenOptions {
  readonly format: "text" | "json";
}

/** `packetwalk explain PATH...`: the whole story. Returns the exit code. */
export async function explain(
  paths: readonly string[],
  { format, ...options }: ExplainOptions,
  print: (line: string) => void,
): Promise<number> {
  const { analysis, sources, large, close } = await analysePaths(paths, options);
  const { nodes } = analysis;
  if (format === "json") {
    const stories = nodes.map((analysis) => ({
      name: analysis.node.name,
      walks: caseStory(analysis, (place) => sources.text(place)).map((walk) => ({
        ...walk,
        ...withPlaces(walk, sources),
      })),
      findings: analysis.findings.map((analysed) => findingJson(analysis, analysed, sources)),
      setUp: explainFacts(analysis.node).map(({ title, sentence, place }) => ({
        title,
        sentence,
        ...(place ? sources.place(place) : {}),
      })),
      missing: missingEvidence(analysis),
    }));
    print(JSON.stringify({ version: 1, nodes: stories }, null, 2));
    await close();
    return 0;
  }
  for (const each of nodes) {
    const counts = large && countPackets(large, each.node);
    for (const line of nodeText(each, sources, counts)) print(line);
  }
  await close();
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
