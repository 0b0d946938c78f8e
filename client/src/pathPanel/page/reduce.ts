import type { WalkView } from "../../../../server/src/lsp/protocol.js";
import type { ToPage } from "../messages.js";
import { compareWalks, hopsOf } from "./comparison.js";
import { capturedWalk, listPage, type PanelState, type Side, triedWalk, type WalkFilter } from "./panelState.js";
import { visibleWalks } from "./visibleWalks.js";

/** Where to go from what is selected. */
export type Move = "next" | "previous" | "first" | "last";

export type Action =
  | { readonly type: "received"; readonly message: ToPage }
  | { readonly type: "selectWalk"; readonly walk: string }
  | { readonly type: "moveWalk"; readonly move: Move }
  | { readonly type: "selectHop"; readonly side: Side; readonly hop: number }
  | { readonly type: "moveHop"; readonly move: Move }
  | { readonly type: "switchSide" }
  | { readonly type: "filter"; readonly filter: Partial<WalkFilter> }
  | { readonly type: "showMore" }
  | { readonly type: "leaveFix" };

/** The state after an action; the same object where the action changes nothing. */
export function reduce(state: PanelState, action: Action): PanelState {
  switch (action.type) {
    case "received":
      return receive(state, action.message);
    case "selectWalk":
      return selectWalk(state, action.walk, undefined);
    case "moveWalk":
      return moveWalk(state, action.move);
    case "selectHop":
      return selectHop(state, action.side, action.hop);
    case "moveHop":
      return moveHop(state, action.move);
    case "switchSide":
      return switchSide(state);
    case "filter":
      return { ...state, filter: { ...state.filter, ...action.filter }, limit: listPage };
    case "showMore":
      return { ...state, limit: state.limit + listPage };
    case "leaveFix":
      return leaveFix(state);
  }
}

function receive(state: PanelState, message: ToPage): PanelState {
  switch (message.type) {
    case "loading":
      return state.content.type === "case" ? state : { ...state, content: message };
    case "empty":
      return { ...state, content: message, walk: undefined, hop: 0, side: "walked" };
    case "paths":
      return receivePaths(state, message);
    case "tried": {
      if (state.content.type !== "case") return state;
      const { tried } = message;
      const next: PanelState = { ...state, content: { ...state.content, tried } };
      const walk = tried.walks.find(({ id }) => id === state.walk) ?? tried.walks[0];
      return walk === undefined ? next : selectWalk(next, walk.id, undefined);
    }
    case "select":
      return selectWalk(state, message.walk, message.hop);
  }
}

function receivePaths(before: PanelState, message: ToPage & { type: "paths" }): PanelState {
  const { result, tried } = message;
  const state: PanelState = { ...before, content: { type: "case", result, ...(tried && { tried }) } };
  const wanted = result.walks.find((walk) => walk.id === message.selected);
  if (wanted !== undefined && wanted.id === state.walk) return selectHop(state, state.side, message.hop ?? state.hop);
  const walk = wanted ?? result.walks[0];
  return walk === undefined
    ? { ...state, walk: undefined, hop: 0, side: "walked" }
    : selectWalk(state, walk.id, wanted && message.hop);
}

function selectWalk(state: PanelState, id: string, hop: number | undefined): PanelState {
  const next: PanelState = { ...state, walk: id };
  const captured = capturedWalk(next);
  if (captured === undefined) return state;
  return selectHop(next, "walked", hop ?? entryHop(captured, triedWalk(next)));
}

/** Where a walk is entered: at the point where it parts from its normal way, for that is what one came to see. */
function entryHop(captured: WalkView, tried: WalkView | undefined): number {
  const { trunk, walked } = compareWalks(captured, tried);
  if (walked === undefined) return 0;
  return walked.hops.length > 0 ? walked.from : trunk.hops.length - 1;
}

function selectHop(state: PanelState, wanted: Side, index: number): PanelState {
  const captured = capturedWalk(state);
  if (captured === undefined) return state;
  const comparison = compareWalks(captured, triedWalk(state));
  const hop = Math.max(0, Math.min(index, hopsOf(comparison, wanted).length - 1));
  const side =
    wanted === "beside" && comparison.beside !== undefined && hop >= comparison.beside.from ? wanted : "walked";
  return side === state.side && hop === state.hop ? state : { ...state, side, hop };
}

function moveHop(state: PanelState, move: Move): PanelState {
  if (move === "first") return selectHop(state, state.side, 0);
  if (move === "last") return selectHop(state, state.side, Number.POSITIVE_INFINITY);
  return selectHop(state, state.side, state.hop + (move === "next" ? 1 : -1));
}

function switchSide(state: PanelState): PanelState {
  const captured = capturedWalk(state);
  if (captured === undefined) return state;
  const { beside } = compareWalks(captured, triedWalk(state));
  if (beside === undefined) return state;
  return selectHop(state, state.side === "walked" ? "beside" : "walked", Math.max(state.hop, beside.from));
}

function moveWalk(state: PanelState, move: Move): PanelState {
  if (state.content.type !== "case") return state;
  const { walks } = visibleWalks(state.content.result.walks, state.filter, state.limit);
  const at = walks.findIndex((walk) => walk.id === state.walk);
  const last = walks.length - 1;
  const index =
    move === "first" || at < 0
      ? 0
      : move === "last"
        ? last
        : Math.max(0, Math.min(last, at + (move === "next" ? 1 : -1)));
  const walk = walks[index];
  return walk === undefined || walk.id === state.walk ? state : selectWalk(state, walk.id, undefined);
}

function leaveFix(state: PanelState): PanelState {
  if (state.content.type !== "case" || state.content.tried === undefined) return state;
  const next: PanelState = { ...state, content: { type: "case", result: state.content.result } };
  return state.walk === undefined ? next : selectWalk(next, state.walk, undefined);
}
