import type { LocationView, WalkView } from "../../../../server/src/lsp/protocol.js";
import { type Comparison, compareWalks, hopsOf } from "./comparison.js";
import { element } from "./element.js";
import { createHopDetails } from "./hopDetails.js";
import { drawHops, type HopList } from "./hopList.js";
import { createHopStepper } from "./hopStepper.js";
import { icon } from "./icons.js";
import type { CaseContent, PanelState } from "./panelState.js";
import { prose } from "./prose.js";
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

/** What is on the page now. */
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
  const notes = element("div", { class: "walk-notes" });
  const stepper = createHopStepper(dispatch);
  const details = createHopDetails(reveal);
  const root = element(
    "section",
    { class: "walk", "aria-label": "The packet's walk" },
    head,
    frame,
    notes,
    stepper.root,
    details.root,
  );
  let drawn: Drawn | undefined;
  let selection = "";
  let current: HTMLElement | undefined;
  let evidence: LocationView | undefined;

  new ResizeObserver(() => drawn?.rail.draw()).observe(frame);
  new ResizeObserver(measureDetails).observe(details.root);

  /** Tells the style sheet how much of the lower end of the page the details cover, where they do. */
  function measureDetails(): void {
    const covers = getComputedStyle(details.root).position === "sticky";
    const height = covers ? details.root.offsetHeight : 0;
    document.documentElement.style.setProperty("--details-height", `${height}px`);
  }

  function draw(captured: WalkView, tried: WalkView | undefined, content: CaseContent): Drawn {
    const comparison = compareWalks(captured, tried);
    const hops = drawHops(comparison, dispatch);
    const rail = createRail(comparison, hops.stations, hops.parting, frame);
    const shown = tried ?? captured;
    head.replaceChildren(...walkHead(captured, shown, content.tried, content.fixes?.fixes.length ?? 0, actions));
    frame.replaceChildren(rail.head, rail.drawing, ...hops.nodes);
    frame.classList.toggle("simulated", tried !== undefined);
    notes.replaceChildren(
      ...shown.notes.map((note) => element("p", { class: "muted" }, icon("info"), element("span", {}, ...prose(note)))),
    );
    rail.draw();
    return { captured, tried, content, comparison, hops, rail };
  }

  /** Draws anew if anything but the selection differs. */
  function drawIfChanged(captured: WalkView, tried: WalkView | undefined, content: CaseContent): Drawn {
    const { known, fixes } = content;
    const isSame =
      drawn?.content.known === known && drawn.content.fixes === fixes && drawn.content.tried === content.tried;
    if (drawn && isSame && drawn.captured === captured && drawn.tried === tried) return drawn;
    const newlyTried = content.tried !== undefined && drawn?.content.tried?.id !== content.tried.id;
    const held = head.contains(document.activeElement);
    // Before anybody steps along a walk, the room is the drawing's.
    if (drawn?.captured.id !== captured.id || newlyTried) root.classList.remove("stepping");
    const next = draw(captured, tried, content);
    if (newlyTried) {
      root.scrollIntoView({ block: "start" });
      head.querySelector<HTMLElement>(".leave-fix")?.focus({ preventScroll: true });
    } else if (held) head.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
    return next;
  }

  /** Shows the selected hop; brings it into sight if the user has moved there. */
  function showHop(
    { captured, tried, comparison, hops, rail }: Drawn,
    { side, hop: index }: PanelState,
    moved: boolean,
  ) {
    const way = hopsOf(comparison, side);
    const hop = index === undefined ? undefined : way[index];
    if (index === undefined || hop === undefined) return;
    const held = frame.contains(document.activeElement);
    const heading = index < comparison.trunk.hops.length ? undefined : comparison[side]?.heading;
    current = hops.select(side, index);
    evidence = hop.evidence[0]?.location;
    rail.select(side, index);
    stepper.update(index, way.length);
    details.update(hop, heading);
    if (moved) root.classList.add("stepping");
    measureDetails();
    if (held) current?.focus({ preventScroll: true });
    if (moved) current?.scrollIntoView({ block: "nearest" });
    const parts = index === comparison[side]?.from;
    announce(announceHop(tried ?? captured, hop, index, way.length, heading, parts));
  }

  return {
    root,
    update(state, content) {
      root.hidden = state.walk === undefined;
      if (state.walk === undefined) {
        drawn = undefined;
        return;
      }
      const { walk: captured, tried } = state.walk;
      const before = drawn;
      drawn = drawIfChanged(captured, tried, content);
      const selected = `${captured.id} ${state.side} ${state.hop}`;
      if (drawn === before && selected === selection) return;
      selection = selected;
      showHop(drawn, state, drawn === before);
    },
    focus: () => current?.focus(),
    openEvidence(focus) {
      if (evidence !== undefined) reveal(evidence, focus);
    },
  };
}
