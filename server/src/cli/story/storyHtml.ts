import type { HopStory, Place, PlaceWords, WalkStory } from "../../core/index.js";
import { findingHtml } from "../report/findingHtml.js";
import { htmlList, htmlPage, htmlText } from "../report/htmlPage.js";
import { type CauseStory, type NodeStory, othersHeading, storyHeading } from "./nodeStory.js";

/** Walks that one page holds; a browser has to draw them all. */
const told = 200;

function hopHtml(hop: HopStory, wordsFor: (place: Place) => PlaceWords): string {
  const { node, title, device, seen, sentences, evidence } = hop;
  const shown = evidence.map(({ label, place }) => {
    const at = wordsFor(place);
    return `<li><code>${htmlText(at.label)}</code> (${htmlText(label)}): <code>${htmlText(at.text)}</code></li>`;
  });
  return [
    "<li>",
    `<strong>${htmlText([...(node === undefined ? [] : [`${node}:`]), title].join(" "))}</strong>`,
    device === undefined ? "" : ` (<code>${htmlText(device)}</code>)`,
    seen ? "" : ' <span class="unseen">no event here</span>',
    ...sentences.map((words) => `<br>${htmlText(words)}`),
    shown.length > 0 ? `<ul>${shown.join("")}</ul>` : "",
    "</li>",
  ].join("");
}

function hopsHtml(hops: readonly HopStory[], from: number, wordsFor: (place: Place) => PlaceWords): string {
  return `<ol start="${from + 1}">${hops.map((hop) => hopHtml(hop, wordsFor)).join("\n")}</ol>`;
}

function walkHtml(walk: WalkStory, wordsFor: (place: Place) => PlaceWords): string {
  const { title, detail, file, outcome, status, hops, expected, parting, notes } = walk;
  const ways =
    parting === undefined || !expected
      ? [hopsHtml(hops, 0, wordsFor)]
      : [
          parting > 0 ? hopsHtml(hops.slice(0, parting), 0, wordsFor) : "",
          '<div class="ways">',
          `<section><h3>What happened</h3>${hopsHtml(hops.slice(parting), parting, wordsFor)}</section>`,
          `<section><h3>What should have happened</h3>${hopsHtml(expected.slice(parting), parting, wordsFor)}</section>`,
          "</div>",
        ];
  return [
    `<details${status === "broken" ? " open" : ""}>`,
    `<summary class="${status}">${htmlText(title)}: ${htmlText(outcome)}</summary>`,
    `<p class="place">${[detail, file].filter(Boolean).map(htmlText).join(", ")}</p>`,
    ...ways,
    ...notes.map((note) => `<p>Note: ${htmlText(note)}</p>`),
    "</details>",
  ].join("\n");
}

function rewalkedHtml({ repairs }: CauseStory): string[] {
  const lines = repairs.flatMap(({ fix, rewalked }) =>
    rewalked.slice(0, told).map(({ title, outcome }) => `<li>${htmlText(`${fix.title}: ${title}: ${outcome}`)}</li>`),
  );
  return lines.length > 0 ? [`<h3>Walked again with it</h3><ul>${lines.join("")}</ul>`] : [];
}

function section(title: string, items: readonly string[]): string[] {
  return items.length > 0 ? [`<h2>${htmlText(title)}</h2>`, ...items] : [];
}

function storyBody(story: NodeStory, wordsFor: (place: Place) => PlaceWords): string[] {
  const { broken, others, causes, remarks, setUp, missing } = story;
  const left = [broken, others].reduce((sum, { length }) => sum + Math.max(0, length - told), 0);
  return [
    `<h1>${htmlText(storyHeading(story))}</h1>`,
    ...causes.map((cause) => findingHtml(cause.analysed, wordsFor, rewalkedHtml(cause))),
    ...section(
      "Broken packets",
      broken.slice(0, told).map((walk) => walkHtml(walk, wordsFor)),
    ),
    ...section(
      "Also found",
      remarks.map(({ analysed }) => findingHtml(analysed, wordsFor)),
    ),
    ...section(
      othersHeading(story),
      others.slice(0, told).map((walk) => walkHtml(walk, wordsFor)),
    ),
    ...(left > 0 ? [`<p>${left} more packets are not told here.</p>`] : []),
    ...section("The set-up of the node", htmlList(setUp.map(({ title, sentence }) => `${title}. ${sentence}`))),
    ...section("What the files do not show", htmlList(missing)),
  ];
}

/** The stories of a case as one HTML file, to be handed over. Everything from the input is escaped. */
export function storyHtml(stories: readonly NodeStory[], wordsFor: (place: Place) => PlaceWords): string {
  return htmlPage(stories.flatMap((story) => storyBody(story, wordsFor)));
}
