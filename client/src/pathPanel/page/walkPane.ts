import type { LocationView, WalkView } from "../../../../server/src/lsp/protocol.js";
import { type Comparison, compareWalks, hopsOf } from "./comparison.js";
import { element } from "./element.js";
import { createHopDetails } from "./hopDetails.js";
import { drawHops, type HopList } from "./hopList.js";
import { icon } from "./icons.js";
import { type CaseContent, capturedWalk, type PanelState, triedWalk } from "./panelState.js";
import { createRail, type Rail } from "./rail.js";
import type { Action } from "./reduce.js";
import { type WalkHeadActions, walkHead } from "./walkHead.js";
import { announceHop } from "./words.js";

export interface WalkPane {
  readonly root: HTMLElement;
  update(state: PanelState, content: CaseContent): void;
  /** Gives the keyboard to the selected hop. */
  focus(): void;
  /** Shows the first line of evidence of the selected hop. */
  openEvidence(focus: boolean): void;
}

export interface WalkPaneActions extends WalkHeadActions {
  dispatch(action: Action): void;
  reveal(location: LocationView, focus: boolean): void;
  /** Says a sentence to a screen reader. */
  announce(text: string): void;
}

interface Drawn {
  readonly captured: WalkView;
  readonly tried: WalkView | undefined;
  readonly content: CaseContent;
  readonly comparison: Comparison;
  readonly hops: HopList;
  readonly rail: Rail;
}

/** One packet: what became of it, its walk drawn beside the one it is compared with, and the selected hop. */
export function createWalkPane(actions: WalkPaneActions): WalkPane {
  const { dispatch, reveal, announce } = actions;
  const head = element("div", { class: "walk-head" });
  const frame = element("div", { class: "drawing", "data-region": "walk" });
  const details = createHopDetails(dispatch, reveal);
  const notes = element("div", { class: "walk-notes" });
  const root = element(
    "section",
    { class: "walk", "aria-label": "The packet's walk" },
    head,
    frame,
    notes,
    details.root,
  );
  let drawn: Drawn | undefined;
  let current: HTMLElement | undefined;
  let evidence: LocationView | undefined;

  new ResizeObserver(() => drawn?.rail.draw()).observe(frame);
  new ResizeObserver(clearDetails).observe(details.root);

  /** The details cover the lower end of the page; what is scrolled to must come to rest above them. */
  function clearDetails(): void {
    document.documentElement.style.setProperty("--details-height", `${details.root.offsetHeight}px`);
  }

  function draw(captured: WalkView, tried: WalkView | undefined, content: CaseContent): Drawn {
    const comparison = compareWalks(captured, tried);
    const hops = drawHops(comparison, dispatch);
    const rail = createRail(comparison, hops.stations, hops.parting, frame);
    const shown = tried ?? captured;
    head.replaceChildren(...walkHead(captured, shown, content.tried, content.result.fixes.length, actions));
    frame.replaceChildren(rail.head, rail.drawing, ...hops.nodes);
    frame.classList.toggle("simulated", tried !== undefined);
    notes.replaceChildren(...shown.notes.map((note) => element("p", { class: "muted" }, icon("info"), note)));
    rail.draw();
    return { captured, tried, content, comparison, hops, rail };
  }

  /** Redraws what differs; gives back whether the same walk was shown before, so that only the selection moved. */
  function drawWhereNeeded(captured: WalkView, tried: WalkView | undefined, content: CaseContent): Drawn {
    if (drawn?.captured === captured && drawn.tried === tried && drawn.content === content) return drawn;
    const before = drawn;
    const heldHead = head.contains(document.activeElement);
    const next = draw(captured, tried, content);
    if (content.tried !== undefined && before?.content.tried?.fix.id !== content.tried.fix.id) {
      root.scrollIntoView({ block: "start" });
      head.querySelector<HTMLElement>(".leave-fix")?.focus({ preventScroll: true });
    } else if (heldHead) head.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    return next;
  }

  return {
    root,
    update(state, content) {
      const captured = capturedWalk(state);
      root.hidden = captured === undefined;
      if (captured === undefined) {
        drawn = undefined;
        return;
      }
      const tried = triedWalk(state);
      const before = drawn;
      const held = frame.contains(document.activeElement);
      drawn = drawWhereNeeded(captured, tried, content);
      const { comparison, hops, rail } = drawn;
      const side = hopsOf(comparison, state.side);
      const hop = side[state.hop];
      if (hop === undefined) return;
      const shared = state.hop < comparison.trunk.hops.length;
      const heading = shared ? undefined : comparison[state.side]?.heading;
      current = hops.select(state.side, state.hop);
      rail.select(state.side, state.hop);
      details.update(hop, state.hop, side.length, heading);
      evidence = hop.evidence[0]?.location;
      if (held) current?.focus({ preventScroll: true });
      clearDetails();
      if (drawn === before || before === undefined) current?.scrollIntoView({ block: "nearest" });
      const parts = state.hop === comparison[state.side]?.from;
      announce(announceHop(tried ?? captured, hop, state.hop, side.length, heading, parts));
    },
    focus: () => current?.focus(),
    openEvidence(focus) {
      if (evidence !== undefined) reveal(evidence, focus);
    },
  };
}
