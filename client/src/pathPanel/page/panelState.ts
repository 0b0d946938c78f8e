import type { PathsResult, WalkView } from "../../../../server/src/lsp/protocol.js";
import type { TriedFix } from "../messages.js";

export type WalkStatus = WalkView["status"];

/** Which of the two walks drawn beside each other: the packet's own, or the one it is compared with. */
export type Side = "walked" | "beside";

export interface CaseContent {
  readonly type: "case";
  readonly result: PathsResult;
  readonly tried?: TriedFix;
}

export type PanelContent =
  | { readonly type: "loading" }
  | { readonly type: "empty"; readonly sentence: string }
  | CaseContent;

export interface WalkFilter {
  /** Words that must all occur in a walk, in any order and case. */
  readonly text: string;
  readonly status: WalkStatus | "all";
}

/** All that the page shows follows from this value; only the reducer makes new ones. */
export interface PanelState {
  readonly content: PanelContent;
  readonly filter: WalkFilter;
  /** How many packets of the list are drawn; the rest on request. */
  readonly limit: number;
  /** Id of the selected walk. */
  readonly walk: string | undefined;
  /** Index of the selected hop on `side`. */
  readonly hop: number;
  readonly side: Side;
}

/** Rows of the packet list drawn at first and added by each "Show more". */
export const listPage = 200;

export const initialState: PanelState = {
  content: { type: "loading" },
  filter: { text: "", status: "all" },
  limit: listPage,
  walk: undefined,
  hop: 0,
  side: "walked",
};

/** The selected walk as it was captured; undefined where the case has none. */
export function capturedWalk(state: PanelState): WalkView | undefined {
  if (state.content.type !== "case") return undefined;
  return state.content.result.walks.find((walk) => walk.id === state.walk);
}

/** The selected walk with the tried fix applied; undefined where no fix is tried or the fix does not change it. */
export function triedWalk(state: PanelState): WalkView | undefined {
  if (state.content.type !== "case") return undefined;
  return state.content.tried?.walks.find((walk) => walk.id === state.walk);
}
