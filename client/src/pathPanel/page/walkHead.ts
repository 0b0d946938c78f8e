import type { FixView, WalkView } from "../../../../server/src/lsp/protocol.js";
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";
import { statusWords } from "./words.js";

export interface WalkHeadActions {
  tryFirstFix(): void;
  showFixes(): void;
  leaveFix(): void;
  showEvents(packet: string, title: string): void;
}

/**
 * What the packet is and what became of it, with the way to the fixes where it is broken.
 *
 * @param shown the walk as drawn: with the fix applied, where one is tried and changes this packet
 * @param fixes how many fixes of the case are listed
 */
export function walkHead(
  captured: WalkView,
  shown: WalkView,
  tried: FixView | undefined,
  fixes: number,
  actions: WalkHeadActions,
): HTMLElement[] {
  const changed = shown !== captured;
  const nodes: HTMLElement[] = tried === undefined ? [] : [simulationBanner(tried.title, changed, actions.leaveFix)];
  nodes.push(
    element("h2", {}, captured.title),
    element("p", { class: "walk-detail muted" }, [captured.detail, captured.file].filter(Boolean).join(" · ")),
    element(
      "p",
      { class: `outcome status-${shown.status}` },
      icon(shown.status),
      element(
        "span",
        {},
        element("strong", {}, `${statusWords[shown.status]}${changed ? " with the fix" : ""} `),
        ...prose(shown.outcome),
      ),
    ),
  );
  nodes.push(
    element(
      "div",
      { class: "walk-actions" },
      ...(tried === undefined && captured.status === "broken" && fixes > 0 ? fixEntry(fixes, actions) : []),
      button(
        { class: "link", title: "Show the events of this conversation by themselves, in an editor" },
        () => actions.showEvents(captured.id, captured.title),
        "Show its events",
      ),
    ),
  );
  return nodes;
}

function fixEntry(fixes: number, { tryFirstFix, showFixes }: WalkHeadActions): HTMLElement[] {
  return [
    button({ class: "primary" }, tryFirstFix, icon("try"), "Try the fix"),
    button({ class: "link" }, showFixes, fixes === 1 ? "Show the fix" : `Show all ${fixes} fixes`),
  ];
}

function simulationBanner(title: string, changes: boolean, leave: () => void): HTMLElement {
  return element(
    "div",
    { class: "simulation" },
    element(
      "p",
      {},
      icon("try"),
      element("strong", {}, "Simulated: "),
      title,
      element(
        "span",
        { class: "simulation-note muted" },
        changes ? "Nothing on the node has been changed." : "The fix does not change the way of this packet.",
      ),
    ),
    button({ class: "primary leave-fix" }, leave, icon("back"), "Back to what was captured"),
  );
}
