import type { AnalysedFinding } from "../../analyse.js";
import type { FindingKind } from "../../findings/finding.js";
import { whyNoFix } from "../../findings/registry.js";
import type { Fix } from "../../fixes/fix.js";
import type { Place } from "../../text/span.js";
import { codeSpan, escapeMarkdown, sentence } from "../toMarkdown.js";
import { visibleText } from "../visibleText.js";
import { proofLines } from "./explainFix.js";

/** How a place of the input is shown: what it is called, and its line. */
export interface PlaceWords {
  /** `node.txt:14`. */
  readonly label: string;
  /** The text of the place or of its line. */
  readonly text: string;
}

/** What is longer is cut: a line of a log may hold a whole packet. */
const longestLine = 300;

/** CommonMark 4.5: a fence is longer than any run of backticks inside. */
function fenced(lines: readonly string[], language = ""): string {
  const text = lines.map((line) => visibleText(line, longestLine)).join("\n");
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Sentences of a message, which is longer than a renderer's paragraphs. */
function paragraph(text: string): string {
  return text
    .split(/(?<=[.:]) (?=[A-Z0-9])/)
    .map(sentence)
    .join(" ");
}

function fixBlocks(fix: Fix, title: string): string[] {
  return [
    `**${title}:** ${sentence(fix.title)}`,
    fenced(fix.commands, "sh"),
    fenced(proofLines(fix)),
    "To undo:",
    fenced(fix.undo, "sh"),
  ];
}

/** What was found, its evidence and its fixes as CommonMark, without a heading. Everything from the input is escaped. */
export function findingMarkdown({ finding, fixes }: AnalysedFinding, wordsFor: (place: Place) => PlaceWords): string {
  const { label, text } = wordsFor(finding.place);
  const related = finding.related.map(({ place, message }) => {
    const words = wordsFor(place);
    return `- ${codeSpan(visibleText(words.label))} ${sentence(message)}: ${codeSpan(visibleText(words.text))}`;
  });
  const [fix, ...others] = fixes;
  const why = fix ? undefined : whyNoFix(finding.code);
  return [
    `${codeSpan(visibleText(label))}, ${finding.severity}, ${finding.confidence}`,
    fenced([text]),
    paragraph(finding.message),
    ...(related.length > 0 ? [related.join("\n")] : []),
    ...(fix ? fixBlocks(fix, "Fix") : []),
    ...others.flatMap((other) => fixBlocks(other, "Or")),
    ...(why === undefined ? [] : [`**No fix:** ${sentence(why)}`]),
  ].join("\n\n");
}

/**
 * A page about a kind of finding: what it says, what was found here, when it stays silent, an example.
 *
 * @param found the finding that the page is opened for, if it is one
 */
export function findingPage(
  { code, meaning, defaultSeverity, silentWhen, noFix, example }: FindingKind,
  found: AnalysedFinding | undefined,
  wordsFor: (place: Place) => PlaceWords,
): string {
  return [
    `# ${code}`,
    sentence(meaning),
    ...(found ? ["## Here", findingMarkdown(found, wordsFor)] : []),
    ...(noFix === undefined || found ? [] : ["## Why no fix is offered", sentence(noFix)]),
    "## When it stays silent",
    silentWhen.map((when) => `- ${sentence(when)}`).join("\n"),
    "## An example",
    fenced(example.split("\n")),
    "## Levels",
    `Its level is ${codeSpan(defaultSeverity)} where nothing else is set. The setting ${codeSpan("packetwalk.levels")} and the option ${codeSpan(`--level ${code}=off`)} of the command change it. A line ${codeSpan(`# packetwalk: ignore ${code}`)} above the line that has it silences it there; ${codeSpan(`# packetwalk: ignore-file ${code}`)} in the whole file.`,
  ].join("\n\n");
}

/** A heading of a report: the code and where it is. */
export function findingHeading({ finding }: AnalysedFinding, wordsFor: (place: Place) => PlaceWords): string {
  return `${escapeMarkdown(finding.code)} in ${codeSpan(visibleText(wordsFor(finding.place).label))}`;
}
