import type { EvidenceView, HopView, LocationView } from "../../../../server/src/lsp/protocol.js";
import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import type { Action } from "./reduce.js";
import { laneMeanings } from "./words.js";

export interface HopDetails {
  readonly root: HTMLElement;
  update(hop: HopView, index: number, count: number, heading: string | undefined): void;
}

/** The selected hop: what happened there in sentences, the lines that show it, and the buttons to step on. */
export function createHopDetails(
  dispatch: (action: Action) => void,
  reveal: (location: LocationView, focus: boolean) => void,
): HopDetails {
  const previous = button(
    { class: "step", title: "Previous hop (Left)" },
    () => move("previous"),
    icon("previous"),
    "Previous",
  );
  const next = button({ class: "step", title: "Next hop (Right)" }, () => move("next"), "Next", icon("next"));
  const counter = element("span", { class: "counter muted" });
  const body = element("div", { class: "details-body" });
  const root = element(
    "section",
    { class: "details", "aria-label": "The selected hop" },
    element("div", { class: "stepper" }, previous, counter, next),
    body,
  );
  let drawn: HopView | undefined;

  function move(to: "next" | "previous"): void {
    dispatch({ type: "moveHop", move: to });
  }

  function draw(hop: HopView): void {
    drawn = hop;
    const held = body.contains(document.activeElement);
    const device = hop.device !== undefined && !hop.title.includes(hop.device) ? hop.device : undefined;
    body.replaceChildren(
      element(
        "div",
        { class: "details-head" },
        element("h3", {}, hop.title, device === undefined ? undefined : element("span", { class: "device" }, device)),
        element("p", { class: "muted" }, `${laneMeanings[hop.lane]}, ${hop.seen ? "seen" : "not seen"} in the capture`),
      ),
      ...hop.sentences.map((sentence) => element("p", {}, sentence)),
      ...(hop.evidence.length === 0 ? [] : [evidenceList(hop.evidence, reveal)]),
    );
    root.scrollTop = 0;
    if (held) (body.querySelector("button") ?? next).focus();
  }

  return {
    root,
    update(hop, index, count, heading) {
      if (hop !== drawn) draw(hop);
      counter.textContent = `${heading === undefined ? "" : `${heading} · `}hop ${index + 1} of ${count}`;
      setAttributes(previous, { "aria-disabled": index === 0 ? "true" : undefined });
      setAttributes(next, { "aria-disabled": index === count - 1 ? "true" : undefined });
    },
  };
}

const kindWords: Readonly<Record<EvidenceView["kind"], string>> = { log: "Log line", rule: "Rule", route: "Route" };

function evidenceList(
  evidence: readonly EvidenceView[],
  reveal: (location: LocationView, focus: boolean) => void,
): HTMLElement {
  const rows = evidence.map(({ kind, label, text, location }) => {
    const line = location.range.start.line + 1;
    const node = button(
      { class: "evidence", title: `Show line ${line} in the editor` },
      () => reveal(location, false),
      icon(kind),
      element(
        "span",
        { class: "evidence-label" },
        element("span", { class: "visually-hidden" }, `${kindWords[kind]}: `),
        label,
      ),
      element("span", { class: "evidence-line muted" }, `line ${line}`),
      element("code", { class: "evidence-text" }, text),
    );
    node.addEventListener("dblclick", () => reveal(location, true));
    return element("li", {}, node);
  });
  return element("ul", { class: "evidence-list", "aria-label": "Evidence" }, ...rows);
}
