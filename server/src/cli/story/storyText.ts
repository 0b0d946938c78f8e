import { proofLines } from "../../core/index.js";
import { indent, type SourceMap } from "../output.js";
import { walkText } from "../walkText.js";
import { type CauseStory, type NodeStory, othersHeading, storyHeading } from "./nodeStory.js";

function heading(text: string): string[] {
  return [text, "=".repeat(text.length), ""];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [...heading(title), ...lines] : [];
}

function causeLines({ analysed: { finding } }: CauseStory, sources: SourceMap): string[] {
  return [`${sources.label(finding.place)}: ${finding.message}`, ...indent(sources.caretLines(finding.place)), ""];
}

/** What was found besides, and right behind it what repairs it, if anything does. */
function remarkLines(remark: CauseStory, sources: SourceMap): string[] {
  return [...causeLines(remark, sources), ...repairLines(remark)];
}

function repairLines({ repairs }: CauseStory): string[] {
  return repairs.flatMap(({ fix, rewalked }, index) => [
    `${index === 0 ? "Fix" : "Or"}: ${fix.title}`,
    ...indent(fix.commands, "    "),
    ...indent(proofLines(fix)),
    ...indent(["Undo:", ...indent(fix.undo)]),
    ...rewalked.map((walk) => `  Walked again with it: ${walk.title}: ${walk.outcome}`),
    "",
  ]);
}

/** The story of a node in lines for a terminal. */
export function storyText(story: NodeStory, sources: SourceMap): string[] {
  const { broken, others, causes, remarks, setUp, missing } = story;
  const facts = setUp.map(
    ({ title, sentence, place }) => `- ${title}. ${sentence}${place ? ` (see ${sources.label(place)})` : ""}`,
  );
  return [
    ...heading(storyHeading(story)),
    ...broken.flatMap((walk) => [...walkText(walk, sources), ""]),
    ...causes.flatMap((cause) => causeLines(cause, sources)),
    ...section("The repair, as simulated", causes.flatMap(repairLines)),
    ...section(
      "Also found",
      remarks.flatMap((remark) => remarkLines(remark, sources)),
    ),
    ...section(
      othersHeading(story),
      others.flatMap((walk) => [...walkText(walk, sources), ""]),
    ),
    ...section("The set-up of the node", facts.length > 0 ? [...facts, ""] : []),
    ...section("What the files do not show", missing.length > 0 ? [...missing.map((words) => `- ${words}`), ""] : []),
  ];
}
