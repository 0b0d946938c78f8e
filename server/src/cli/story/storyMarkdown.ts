import {
  findingHeading,
  findingMarkdown,
  markdownSentence,
  type Place,
  type PlaceWords,
  walkHeading,
  walkMarkdown,
} from "../../core/index.js";
import { type CauseStory, type NodeStory, othersHeading, storyHeading } from "./nodeStory.js";

/** Walks that are told hop by hop, and packets that are listed: a ticket has a limit, and its reader too. */
const told = 10;
const listed = 40;

function rewalkedLines({ repairs }: CauseStory): string[] {
  return repairs.flatMap(({ fix, rewalked }) =>
    rewalked
      .slice(0, told)
      .map(
        ({ title, outcome }) =>
          `Walked again with "${markdownSentence(fix.title)}": ${markdownSentence(`${title}: ${outcome}`)}`,
      ),
  );
}

/** A remark in one item, with the commands of its best fix where it has one. */
function remarkItem({ analysed }: CauseStory, wordsFor: (place: Place) => PlaceWords): string {
  const { finding, fixes } = analysed;
  const commands = fixes[0]?.commands.map((command) => markdownSentence(`\`${command}\``)).join("; ");
  const repair = commands === undefined ? "" : ` Fix (simulated): ${commands}`;
  return `${finding.severity} ${findingHeading(analysed, wordsFor)}: ${markdownSentence(finding.message)}${repair}`;
}

function list(items: readonly string[], most: number): string[] {
  if (items.length === 0) return [];
  const more = items.length - most;
  return [[...items.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].map((item) => `- ${item}`).join("\n")];
}

/** The story of a node as CommonMark, to be pasted into a ticket. Everything from the input is escaped. */
export function storyMarkdown(story: NodeStory, wordsFor: (place: Place) => PlaceWords): string {
  const { broken, others, causes, remarks, setUp, missing } = story;
  const section = (title: string, blocks: readonly string[]): string[] =>
    blocks.length > 0 ? [`## ${title}`, ...blocks] : [];
  const left = broken.length - told;
  return [
    `# ${markdownSentence(storyHeading(story))}`,
    ...causes.flatMap((cause) => [
      `## ${findingHeading(cause.analysed, wordsFor)}`,
      findingMarkdown(cause.analysed, wordsFor),
      ...rewalkedLines(cause),
    ]),
    ...broken.slice(0, told).flatMap((walk) => [`## ${walkHeading(walk)}`, walkMarkdown(walk, wordsFor)]),
    ...(left > 0 ? [`${left} more broken packets are not told here.`] : []),
    ...section(
      "Also found",
      list(
        remarks.map((remark) => remarkItem(remark, wordsFor)),
        listed,
      ),
    ),
    ...section(
      othersHeading(story),
      list(
        others.map(({ title, outcome }) => markdownSentence(`${title}: ${outcome}`)),
        listed,
      ),
    ),
    ...section(
      "The set-up of the node",
      list(
        setUp.map(({ title, sentence }) => markdownSentence(`${title}. ${sentence}`)),
        listed,
      ),
    ),
    ...section("What the files do not show", list(missing.map(markdownSentence), listed)),
  ].join("\n\n");
}
