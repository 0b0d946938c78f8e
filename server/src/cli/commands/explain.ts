import { countPackets, type explainTrace, type NodeAnalysis } from "../../core/index.js";
import { analysePaths } from "../analysePaths.js";
import { findingJson } from "../findingJson.js";
import type { OpenOptions } from "../openPaths.js";
import type { SourceMap } from "../output.js";
import { placeWords } from "../report/report.js";
import { type NodeStory, nodeStory } from "../story/nodeStory.js";
import { storyHtml } from "../story/storyHtml.js";
import { storyMarkdown } from "../story/storyMarkdown.js";
import { storyText } from "../story/storyText.js";

export const explainFormats = ["text", "json", "markdown", "html"] as const;

export interface ExplainOptions extends OpenOptions {
  readonly format: (typeof explainFormats)[number];
}

/** What a node's story is told from. */
interface Told {
  readonly analysis: NodeAnalysis;
  readonly story: NodeStory;
}

function storyJson({ analysis, story }: Told, sources: SourceMap) {
  return {
    name: analysis.node.name,
    walks: [...story.broken, ...story.others].map((walk) => ({ ...walk, ...withPlaces(walk, sources) })),
    findings: analysis.findings.map((analysed) => findingJson(analysis, analysed, sources)),
    setUp: story.setUp.map(({ title, sentence, place }) => ({
      title,
      sentence,
      ...(place ? sources.place(place) : {}),
    })),
    missing: story.missing,
  };
}

const writers: Readonly<Record<ExplainOptions["format"], (told: readonly Told[], sources: SourceMap) => string>> = {
  text: (told, sources) => told.flatMap(({ story }) => storyText(story, sources)).join("\n"),
  json: (told, sources) => JSON.stringify({ version: 1, nodes: told.map((each) => storyJson(each, sources)) }, null, 2),
  markdown: (told, sources) => told.map(({ story }) => storyMarkdown(story, placeWords({ sources }))).join("\n\n"),
  html: (told, sources) =>
    storyHtml(
      told.map(({ story }) => story),
      placeWords({ sources }),
    ),
};

/** `packetwalk explain PATH...`: the whole story. Returns the exit code. */
export async function explain(
  paths: readonly string[],
  { format, ...options }: ExplainOptions,
  print: (line: string) => void,
): Promise<number> {
  const { analysis, sources, large, close } = await analysePaths(paths, options);
  const told = analysis.nodes.map((each): Told => {
    return { analysis: each, story: nodeStory(each, sources, large && countPackets(large, each.node)) };
  });
  print(writers[format](told, sources));
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
