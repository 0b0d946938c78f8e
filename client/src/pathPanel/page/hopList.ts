import type { HopView } from "../../../../server/src/lsp/protocol.js";
import { type Comparison, hopsOf, type Stretch } from "./comparison.js";
import { button, element, setAttributes } from "./element.js";
import { icon } from "./icons.js";
import type { Side } from "./panelState.js";
import type { Station } from "./rail.js";
import type { Action } from "./reduce.js";
import { hopCaption } from "./words.js";

export interface HopList {
  /** Trunk, parting point and branches, from top to bottom. */
  readonly nodes: readonly HTMLElement[];
  /** Where the rail has to put its stations, in the same order. */
  readonly stations: readonly Station[];
  /** The mark at which the branches leave the trunk. */
  readonly parting: HTMLElement | undefined;
  /** Marks the selected hop and gives back its button. */
  select(side: Side, hop: number): HTMLElement | undefined;
}

/** The hops in words: a list for the shared stretch and one for each branch. */
export function drawHops(comparison: Comparison, dispatch: (action: Action) => void): HopList {
  const { trunk, walked, beside } = comparison;
  const stations: Station[] = [];
  const buttons = new Map<string, HTMLElement>();

  function list(stretch: Stretch, label: string): HTMLElement {
    const ends = stretch === beside || stretch === (walked ?? trunk);
    const rows = stretch.hops.map((hop, offset) => {
      const index = stretch.from + offset;
      const last = ends && offset === stretch.hops.length - 1;
      return row(stretch, hop, index, last);
    });
    return element("ol", { class: `hops line-${stretch.kind}`, "aria-label": label, start: stretch.from + 1 }, ...rows);
  }

  function row(stretch: Stretch, hop: HopView, index: number, last: boolean): HTMLElement {
    const name = element("span", { class: "hop-title" }, hop.title);
    const node = button(
      { class: "hop", tabindex: -1 },
      () => dispatch({ type: "selectHop", side: stretch.side, hop: index }),
      name,
      element("span", { class: "hop-caption muted" }, hopCaption(hop, stretch.hypothetical)),
    );
    buttons.set(`${stretch.side} ${index}`, node);
    stations.push({ anchor: name, hop, index, stretch, last });
    return element("li", {}, node);
  }

  function branch(stretch: Stretch): HTMLElement {
    const heading = stretch.heading ?? "";
    return element(
      "section",
      { class: `branch line-${stretch.kind}` },
      element("h3", { class: "branch-name" }, heading),
      stretch.hops.length === 0 ? element("p", { class: "muted" }, "Not seen again.") : list(stretch, heading),
    );
  }

  const nodes: HTMLElement[] = [legend()];
  if (trunk.hops.length > 0) nodes.push(list(trunk, beside === undefined ? "The walk" : "What both have in common"));
  let parting: HTMLElement | undefined;
  if (walked !== undefined && beside !== undefined) {
    parting = element("p", { class: "parting" }, icon("parting"), "Here they part");
    nodes.push(parting, element("div", { class: "branches" }, branch(walked), branch(beside)));
  }

  let current: HTMLElement | undefined;
  return {
    nodes,
    stations,
    parting,
    select(side, hop) {
      const shared = hop < trunk.hops.length || hopsOf(comparison, side).length === trunk.hops.length;
      const next = buttons.get(`${shared ? "walked" : side} ${hop}`);
      if (current !== undefined) setAttributes(current, { "aria-current": undefined, tabindex: -1 });
      if (next !== undefined) setAttributes(next, { "aria-current": "step", tabindex: 0 });
      current = next;
      return next;
    },
  };
}

/** What the two kinds of dots mean, for the eye: each hop's words say it as well. */
function legend(): HTMLElement {
  return element(
    "p",
    { class: "legend", "aria-hidden": "true" },
    element("span", {}, "\u25cf seen"),
    element("span", {}, "\u25cc inferred"),
  );
}
