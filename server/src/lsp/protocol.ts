/**
 * The custom requests between client and server: method names and plain JSON types, and nothing else, so that the client and
 * the panel's page can share this file without sharing a library. The server's side of the conversion is in `toLsp.ts`.
 */

/** A range as the Language Server Protocol counts it, in a document. */
export interface LocationView {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

export interface EvidenceView {
  readonly kind: "log" | "rule" | "route";
  readonly label: string;
  readonly text: string;
  readonly location: LocationView;
}

export interface HopView {
  readonly place: string;
  readonly lane: "pod" | "cilium" | "kernel" | "device" | "wire";
  readonly title: string;
  readonly device?: string;
  readonly seen: boolean;
  readonly sentences: readonly string[];
  readonly evidence: readonly EvidenceView[];
}

export interface WalkView {
  readonly id: string;
  /** Base name of the capture, for people. */
  readonly file: string;
  readonly title: string;
  readonly detail: string;
  readonly direction: "request" | "reply" | "unknown";
  readonly conversation: number;
  readonly status: "broken" | "ok" | "unknown";
  readonly outcome: string;
  readonly hops: readonly HopView[];
  readonly expected?: readonly HopView[];
  readonly parting?: number;
  readonly notes: readonly string[];
}

/** One way to look at a fix's effect: a flow with the answer before and after. */
export interface EffectView {
  readonly flow: string;
  readonly before: string;
  readonly after: string;
}

export interface FixView {
  readonly id: string;
  readonly title: string;
  readonly commands: readonly string[];
  readonly undo: readonly string[];
  /** Flows the fix repairs. */
  readonly repairs: readonly EffectView[];
  /** Everything else that changes. Empty: nothing does. */
  readonly sideEffects: readonly EffectView[];
  readonly notes: readonly string[];
  readonly location: LocationView;
}

/** Method `packetwalk/paths`: all walks of the case a document belongs to, broken first. */
export interface PathsParams {
  readonly uri: string;
}
export interface PathsResult {
  /** The case's name for people: its folder. */
  readonly caseName: string;
  readonly walks: readonly WalkView[];
  readonly fixes: readonly FixView[];
  /** What the files do not show and what to run to see it, a sentence each. */
  readonly missing: readonly string[];
}
export const pathsMethod = "packetwalk/paths";

/** Method `packetwalk/tryFix`: every walk of the case, walked again with the fix applied in the simulation. */
export interface TryFixParams {
  readonly uri: string;
  readonly fixId: string;
}
export interface TryFixResult {
  readonly fix: FixView;
  /** The walks that change by it, by the ids of `packetwalk/paths`. */
  readonly walks: readonly WalkView[];
}
export const tryFixMethod = "packetwalk/tryFix";

/**
 * Method `packetwalk/recognise`: what a text is, by its first lines. Asked for documents of no particular language, which the
 * server has not been sent.
 */
export interface RecogniseParams {
  /** The first lines of the text, about a hundred. */
  readonly head: string;
}
/** The language to give the document, or null where the text is neither. */
export type RecogniseResult = "cilium-monitor" | "iproute2" | null;
export const recogniseMethod = "packetwalk/recognise";

/** Notification `packetwalk/changed` (server to client): the case of these documents was analysed again. */
export interface ChangedParams {
  readonly uris: readonly string[];
}
export const changedMethod = "packetwalk/changed";

/** Command that the server itself executes: shows a script that a code action has just written. Its argument is the URI. */
export const showScriptCommand = "packetwalk.showScript";

/** Commands of the code actions. The client implements them; other editors can leave them out and use the script action. */
export const copyCommand = "packetwalk.copyFix";
export const tryFixCommand = "packetwalk.tryFix";
export const openPanelCommand = "packetwalk.openPath";

/** Arguments of `packetwalk.copyFix`. */
export interface CopyFixArguments {
  readonly text: string;
}
/** Arguments of `packetwalk.tryFix`. */
export interface TryFixArguments {
  readonly uri: string;
  readonly fixId: string;
}
/** Arguments of `packetwalk.openPath`; without any it shows the case of the active editor. */
export interface OpenPathArguments {
  readonly uri: string;
  /** Id of a walk to select. */
  readonly walk?: string;
  /** Index of one of its hops. */
  readonly hop?: number;
}
