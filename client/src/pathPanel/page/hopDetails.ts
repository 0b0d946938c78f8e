import type { EvidenceView, HopView, LocationView } from "../../../../server/src/lsp/protocol.js";
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";
import { laneWords } from "./words.js";

type Reveal = (location: LocationView, focus: boolean) => void;

export interface HopDetails {
  readonly root: HTMLElement;
  /** @param heading whose way the hop is on, where the walks have parted */
  update(hop: HopView, heading: string | undefined): void;
}

/** The selected hop: what happened there in sentences, and the lines that show it. */
export function createHopDetails(reveal: Reveal): HopDetails {
  const root = element("section", { class: "details", "aria-label": "The selected hop", tabindex: -1 });
  let drawn: HopView | undefined;

  function draw(hop: HopView, heading: string | undefined): void {
    const held = root.contains(document.activeElement);
    const device = hop.device !== undefined && !hop.title.includes(hop.device) ? hop.device : undefined;
    const where = [heading, laneWords[hop.lane], hop.seen ? "seen in the capture" : "inferred"];
    root.replaceChildren(
      element(
        "div",
        { class: "details-head" },
        element("h3", {}, hop.title, device === undefined ? undefined : element("span", { class: "device" }, device)),
        element("p", { class: "muted" }, where.filter(Boolean).join(" · ")),
      ),
      ...hop.sentences.map((sentence) => element("p", {}, ...prose(sentence))),
      ...(hop.evidence.length === 0 ? [] : [evidenceList(hop.evidence, reveal)]),
    );
    root.scrollTop = 0;
    if (held) (root.querySelector("button") ?? root).focus();
  }

  return {
    root,
    update(hop, heading) {
      if (hop !== drawn) draw(hop, heading);
      drawn = hop;
    },
  };
}

const kindWords: Readonly<Record<EvidenceView["kind"], string>> = { log: "Log line", rule: "Rule", route: "Route" };

function evidenceList(evidence: readonly EvidenceView[], reveal: Reveal): HTMLElement {
  return element(
    "ul",
    { class: "evidence-list", "aria-label": "Evidence" },
    ...evidence.map((item) => element("li", {}, evidenceButton(item, reveal))),
  );
}

function evidenceButton({ kind, label, text, location }: EvidenceView, reveal: Reveal): HTMLElement {
  const line = location.range.start.line + 1;
  const kindWord = element("span", { class: "visually-hidden" }, `${kindWords[kind]}: `);
  const node = button(
    { class: "evidence", title: text },
    () => reveal(location, false),
    icon(kind),
    element("span", { class: "evidence-label" }, kindWord, label),
    element("span", { class: "evidence-line muted" }, `line ${line}`),
    element("code", { class: "evidence-text" }, text),
  );
  node.addEventListener("dblclick", () => reveal(location, true));
  return node;
}
