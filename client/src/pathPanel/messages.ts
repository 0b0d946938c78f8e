import type { LocationView, PathsResult, TryFixResult } from "../../../server/src/lsp/protocol.js";

/** A fix applied in the simulation, and the walks that change by it. */
export type TriedFix = TryFixResult;

/** Messages from the extension to the page of the panel. Plain JSON; the page holds no other data. */
export type ToPage =
  /** Replaces everything shown. `selected`, `hop` and `tried` restore what the user looked at. */
  | {
      readonly type: "paths";
      readonly result: PathsResult;
      readonly selected?: string;
      readonly hop?: number;
      readonly tried?: TriedFix;
    }
  /** An answer is on its way; shown only where nothing else is. */
  | { readonly type: "loading" }
  /** Nothing to show, and why, as a sentence. */
  | { readonly type: "empty"; readonly sentence: string }
  /** The walks again with a fix applied in the simulation; shown beside the broken ones until `leaveFix`. */
  | { readonly type: "tried"; readonly tried: TriedFix }
  /** Select a walk and, optionally, one of its hops. */
  | { readonly type: "select"; readonly walk: string; readonly hop?: number };

/** Messages from the page to the extension. */
export type FromPage =
  | { readonly type: "ready" }
  /** Show a line of evidence in the editor. The panel keeps the focus unless `focus` says that the editor takes it. */
  | { readonly type: "reveal"; readonly location: LocationView; readonly focus?: boolean }
  /** Ask for a file to open, where there is nothing to show. */
  | { readonly type: "openFile" }
  | { readonly type: "tryFix"; readonly fixId: string }
  | { readonly type: "leaveFix" }
  | { readonly type: "copy"; readonly text: string }
  /** What the user looks at, so that a reload of the page comes back to it. */
  | { readonly type: "selected"; readonly walk: string; readonly hop: number };
