import type {
  CaseView,
  FixView,
  ListedFixes,
  LocationView,
  PacketFilterView,
  PacketsResult,
  WalkResult,
} from "../../../server/src/lsp/protocol.js";

/** What the packet list lists. */
export interface ListQuery {
  /** Of the case: after an analysis everything is asked for again. */
  readonly revision: number;
  readonly filter: PacketFilterView;
  /** The fix that is tried on them. */
  readonly fixId?: string;
}

/** The rows of the list that the page wants to draw and does not have. */
export interface ListRequest extends ListQuery {
  /** How many it has. */
  readonly start: number;
  /** How many more, at most. */
  readonly count: number;
}

/** The walk that the page wants to draw. */
export interface WalkRequest {
  readonly revision: number;
  readonly packet: string;
  readonly fixId?: string;
}

/** Messages from the extension to the page of the panel. Plain JSON; the page holds no other data. */
export type ToPage =
  /** Replaces everything shown. `packet`, `hop` and `tried` restore what the user looked at. */
  | {
      readonly type: "case";
      readonly known: CaseView;
      readonly packet?: string;
      readonly hop?: number;
      readonly tried?: FixView;
    }
  /** Answers to requests, which come back with them: an answer to an older request is of no interest any more. */
  | { readonly type: "list"; readonly request: ListRequest; readonly result: PacketsResult }
  | { readonly type: "walk"; readonly request: WalkRequest; readonly result: WalkResult | null }
  | { readonly type: "fixes"; readonly revision: number; readonly result: ListedFixes }
  /** An answer is on its way; shown only where nothing else is. */
  | { readonly type: "loading" }
  /** Nothing to show, and why, as a sentence. */
  | { readonly type: "empty"; readonly sentence: string }
  /** The server can't be asked, as a sentence. */
  | { readonly type: "failed"; readonly sentence: string }
  /** A fix is applied in the simulation until `leaveFix`. `packet` shows its effect. */
  | { readonly type: "tried"; readonly fix: FixView; readonly packet?: string }
  /** Select a packet and, optionally, one of its hops. */
  | { readonly type: "select"; readonly packet: string; readonly hop?: number };

/** Messages from the page to the extension. */
export type FromPage =
  | { readonly type: "ready" }
  | { readonly type: "list"; readonly request: ListRequest }
  | { readonly type: "walk"; readonly request: WalkRequest }
  /** Ask for the fixes of the case as it is after an analysis. */
  | { readonly type: "fixes"; readonly revision: number }
  /** Show a line of evidence in the editor. The panel keeps the focus unless `focus` says that the editor takes it. */
  | { readonly type: "reveal"; readonly location: LocationView; readonly focus?: boolean }
  /** Show the events of the packet's conversation by themselves, in an editor. */
  | { readonly type: "showEvents"; readonly packet: string; readonly title: string }
  /** Ask for a file to open, where there is nothing to show. */
  | { readonly type: "openFile" }
  /** Ask for the sample case, for those who have no file yet. */
  | { readonly type: "openSample" }
  /** Ask for the server to be started anew, or for its log, where it does not answer. */
  | { readonly type: "restartServer" }
  | { readonly type: "showLog" }
  | { readonly type: "tryFix"; readonly fixId: string }
  | { readonly type: "leaveFix" }
  | { readonly type: "copy"; readonly text: string }
  /** What the user looks at, so that a reload of the page comes back to it. */
  | { readonly type: "selected"; readonly packet: string; readonly hop: number };
