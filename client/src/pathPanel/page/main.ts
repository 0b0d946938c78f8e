import type { FromPage, ToPage } from "../messages.js";
import { caseHeader } from "./caseHeader.js";
import { button, element } from "./element.js";
import { createFixList } from "./fixList.js";
import { keyAction, type Region } from "./keyAction.js";
import { createPacketFilter } from "./packetFilter.js";
import { createPacketList } from "./packetList.js";
import {
  type CaseContent,
  initialState,
  type PanelContent,
  type PanelState,
  sameRequest,
  wantedFixes,
  wantedList,
  wantedWalk,
} from "./panelState.js";
import { type Action, reduce } from "./reduce.js";
import { createWalkPane } from "./walkPane.js";
import { loadingSentence } from "./words.js";

/** What the editor gives a webview to talk with its extension. */
declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const host = acquireVsCodeApi();
const reveal: Parameters<typeof createWalkPane>[0]["reveal"] = (location, focus) =>
  host.postMessage({ type: "reveal", location, focus });

const live = element("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
const header = element("div");
const filter = createPacketFilter(dispatch);
const packets = createPacketList(dispatch);
const walk = createWalkPane({
  dispatch,
  reveal,
  announce,
  tryFirstFix,
  showFixes: () => fixes.root.scrollIntoView({ block: "start" }),
  leaveFix: () => dispatch({ type: "leaveFix" }),
  showEvents: (packet, title) => host.postMessage({ type: "showEvents", packet, title }),
});
const fixes = createFixList({
  tryFix,
  copy: (text) => host.postMessage({ type: "copy", text }),
  reveal,
});
const casePage = element(
  "main",
  { class: "case" },
  element("div", { class: "overview" }, header, filter.root, packets.root),
  element("div", { class: "close-up" }, walk.root, fixes.root),
);
const message = element("main", { class: "message" });
document.body.append(element("div", {}, message, casePage, live));

let state: PanelState = initialState;
/** What the header that is drawn says: an analysis that changes nothing of it leaves it alone, and its list open. */
let drawnHeader = "";

function announce(text: string): void {
  if (live.textContent !== text) live.textContent = text;
}

function tryFix(fixId: string): void {
  host.postMessage({ type: "tryFix", fixId });
}

function tryFirstFix(): void {
  const first = state.content.type === "case" ? state.content.fixes?.fixes[0] : undefined;
  if (first !== undefined) tryFix(first.id);
}

function dispatch(action: Action): void {
  const before = state;
  state = reduce(state, action);
  if (state === before) return;
  render();
  if (action.type === "leaveFix") host.postMessage({ type: "leaveFix" });
  const { packet, hop } = state;
  if (packet !== undefined && hop !== undefined && (packet !== before.packet || hop !== before.hop)) {
    host.postMessage({ type: "selected", packet, hop });
  }
  askForWanted(before);
}

/** Asks for the rows, the walk and the fixes that the new state needs and the one before did not. */
function askForWanted(before: PanelState): void {
  const list = wantedList(state);
  if (list !== undefined && !sameRequest(list, wantedList(before))) host.postMessage({ type: "list", request: list });
  const walk = wantedWalk(state);
  if (walk !== undefined && !sameRequest(walk, wantedWalk(before))) host.postMessage({ type: "walk", request: walk });
  const revision = wantedFixes(state);
  if (revision !== undefined && revision !== wantedFixes(before)) host.postMessage({ type: "fixes", revision });
}

function render(): void {
  const { content } = state;
  casePage.hidden = content.type !== "case";
  message.hidden = content.type === "case";
  if (content.type !== "case") {
    message.replaceChildren(...messageNodes(content));
    return;
  }
  const { caseName, packets: counts, missing, setUp } = content.known;
  const said = JSON.stringify([caseName, counts, missing, setUp]);
  if (said !== drawnHeader) header.replaceChildren(caseHeader(content.known, reveal));
  drawnHeader = said;
  filter.update(content.known, state.filter);
  packets.update(state, content);
  walk.update(state, content);
  fixes.update(content);
}

/** A sentence in the place of a case, and what can be done about it: the likely way first. */
function messageNodes(content: Exclude<PanelContent, CaseContent>): HTMLElement[] {
  if (content.type === "loading") return [element("p", { class: "muted", role: "status" }, loadingSentence)];
  const ask = (type: "openFile" | "openSample" | "restartServer" | "showLog") => () => host.postMessage({ type });
  const ways =
    content.type === "failed"
      ? [
          button({ class: "primary" }, ask("restartServer"), "Restart the server"),
          button({ class: "link" }, ask("showLog"), "Show its log"),
        ]
      : [
          button({ class: "primary" }, ask("openFile"), "Open a file…"),
          button({ class: "link" }, ask("openSample"), "Open the sample case"),
        ];
  return [element("p", { role: "status" }, content.sentence), ...ways];
}

function regionOf(target: EventTarget | null): Region {
  if (!(target instanceof Element)) return "walk";
  if (target.closest("input, textarea, select") !== null) return "typing";
  if (packets.box.contains(target)) return "packets";
  return target === document.body || target.closest("[data-region=walk]") !== null ? "walk" : "details";
}

document.addEventListener("keydown", (event) => {
  const chord = event.ctrlKey || event.metaKey || event.altKey;
  const action = keyAction({ key: event.key, chord }, regionOf(event.target));
  if (action === undefined) return;
  event.preventDefault();
  if (action.type === "openEvidence") walk.openEvidence(action.focus);
  else if (action.type === "enterWalk") walk.focus();
  else dispatch(action);
});

window.addEventListener("message", (event: MessageEvent<ToPage>) =>
  dispatch({ type: "received", message: event.data }),
);
render();
host.postMessage({ type: "ready" });
