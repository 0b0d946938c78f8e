import type { Place } from "../../text/span.js";
import type { PlaceWords } from "../finding/explainFinding.js";
import { codeSpan, sentence } from "../toMarkdown.js";
import { visibleText } from "../visibleText.js";
import type { HopStory, WalkStory } from "./walkStory.js";

/** A hop as an item of a numbered list, with what shows it below. */
function hopItem(
  { node, title, device, seen, sentences, evidence }: HopStory,
  number: number,
  wordsFor: (place: Place) => PlaceWords,
): string {
  const where = [...(node === undefined ? [] : [`${node}:`]), title].join(" ");
  const on = device === undefined ? "" : ` (${codeSpan(visibleText(device))})`;
  const head = `${number}. **${sentence(where)}**${on}${seen ? "" : " - no event here"}`;
  const shown = evidence.map(({ label, place }) => {
    const { label: at, text } = wordsFor(place);
    return `   - ${codeSpan(visibleText(at))} (${sentence(label)}): ${codeSpan(visibleText(text))}`;
  });
  return [head, ...sentences.map((words) => `   ${sentence(words)}`), ...shown].join("\n");
}

function hopList(hops: readonly HopStory[], from: number, wordsFor: (place: Place) => PlaceWords): string {
  return hops.map((hop, index) => hopItem(hop, from + index + 1, wordsFor)).join("\n");
}

/** A packet's walk as CommonMark, without a heading: hop by hop, both ways from where it parts. Everything from the input is escaped. */
export function walkMarkdown(walk: WalkStory, wordsFor: (place: Place) => PlaceWords): string {
  const { detail, file, outcome, hops, expected, parting, notes } = walk;
  const source = codeSpan(visibleText(file));
  const head = [detail === "" ? source : `${sentence(detail)}, ${source}`, sentence(outcome)];
  const tail = notes.map((note) => `*Note:* ${sentence(note)}`);
  if (parting === undefined || !expected) return [...head, hopList(hops, 0, wordsFor), ...tail].join("\n\n");
  return [
    ...head,
    ...(parting > 0 ? [hopList(hops.slice(0, parting), 0, wordsFor)] : []),
    "**Here they part. What happened:**",
    hopList(hops.slice(parting), parting, wordsFor),
    "**What should have happened:**",
    hopList(expected.slice(parting), parting, wordsFor),
    ...tail,
  ].join("\n\n");
}

/** The heading of a walk. */
export function walkHeading({ title }: WalkStory): string {
  return sentence(title);
}
