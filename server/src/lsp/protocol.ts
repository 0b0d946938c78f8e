/**
 * The custom requests between client and server: method names and plain JSON types, and nothing else, so that the client and
 * the panel's page can share this file without sharing a library. The server's side of the conversion is in `toLsp.ts`.
 */

/** What the client may tell when it starts the server. */
export interface InitializationOptions {
  /** Whether it can show findings' pages (`findingPageAddress`). */
  readonly findingPages?: boolean;
  /** A folder, as a path, in which the server may keep indexes of large captures. */
  readonly cacheFolder?: string;
}

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
  /** The node it is on, where the walk crosses nodes. */
  readonly node?: string;
  readonly seen: boolean;
  readonly sentences: readonly string[];
  readonly evidence: readonly EvidenceView[];
}

export type PacketStatus = "broken" | "ok" | "unknown";

/** A packet as a row of the list. */
export interface PacketView {
  readonly id: string;
  /** Base name of the capture, for people. */
  readonly file: string;
  readonly title: string;
  readonly detail: string;
  readonly direction: "request" | "reply" | "unknown";
  readonly conversation: number;
  readonly status: PacketStatus;
  readonly outcome: string;
  /** How it fares with the fix that was asked for; absent where that does not change its way. */
  readonly statusWithFix?: PacketStatus;
}

/** A packet with its walk. */
export interface WalkView extends PacketView {
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
  /** Flows the fix repairs, the first of them. */
  readonly repairs: readonly EffectView[];
  /** How many there are. */
  readonly repairCount: number;
  /** What else changes, the first of it. Empty: nothing does. */
  readonly sideEffects: readonly EffectView[];
  readonly sideEffectCount: number;
  readonly notes: readonly string[];
  readonly location: LocationView;
}

/** Method `packetwalk/case`: what is known of the case a document belongs to. Its packets are asked for as they are looked at. */
export interface CaseParams {
  readonly uri: string;
}
/** One side of a node's set-up. */
export interface FactView {
  /** `Host routing: by the kernel`. */
  readonly title: string;
  /** What shows it, or what would. */
  readonly sentence: string;
  readonly location?: LocationView;
}
export interface SetUpView {
  readonly node: string;
  readonly facts: readonly FactView[];
}
export interface CaseView {
  /** The case's name for people: its folder. */
  readonly caseName: string;
  /** Another number after every analysis. */
  readonly revision: number;
  /** How many packets fare how. */
  readonly packets: Readonly<Record<PacketStatus, number>>;
  /** Whether there are findings of kinds that can have a fix; whether they have one tells `packetwalk/fixes`. */
  readonly mayHaveFixes: boolean;
  /** What is known of the set-up of the nodes that have a capture, and what is not. */
  readonly setUp: readonly SetUpView[];
  /** What the files do not show and what to run to see it, a sentence each. */
  readonly missing: readonly string[];
}
export const caseMethod = "packetwalk/case";

/**
 * Method `packetwalk/fixes`: the fixes of a case. Each was simulated, which can take a while, so that only those of the gravest findings are
 * listed, and only for who shows them. A finding's code actions have its own.
 */
export interface FixesParams {
  readonly uri: string;
}
/** Null where the case changes meanwhile; see `changed`. */
export type FixesResult = ListedFixes | null;
export interface ListedFixes {
  readonly fixes: readonly FixView[];
  /** Findings that may have one, too, and were not looked at. */
  readonly more: number;
}
export const fixesMethod = "packetwalk/fixes";

export interface PacketFilterView {
  /** Words that must all occur in what is said of a packet, in any order and case. */
  readonly text: string;
  readonly status: PacketStatus | "all";
}

/** Method `packetwalk/packets`: packets that pass a filter; conversations together, those with a broken packet first. */
export interface PacketsParams {
  readonly uri: string;
  readonly filter: PacketFilterView;
  /** How many of them to leave out first: who has those asks for more. 0 where absent. */
  readonly start?: number;
  /** How many behind those, at most. */
  readonly count: number;
  /** A fix to try on them in the simulation. */
  readonly fixId?: string;
}
export interface PacketsResult {
  readonly packets: readonly PacketView[];
  /** How many pass the filter. */
  readonly total: number;
}
export const packetsMethod = "packetwalk/packets";

/** Method `packetwalk/walk`: one packet's walk. Answers null where there is no such packet any more. */
export interface WalkParams {
  readonly uri: string;
  readonly packet: string;
  /** A fix to try on it in the simulation. */
  readonly fixId?: string;
}
export interface WalkResult {
  readonly walk: WalkView;
  /** The walk with the fix applied; absent where that does not change it. */
  readonly tried?: WalkView;
}
export const walkMethod = "packetwalk/walk";

/** Method `packetwalk/openCapture`: has a capture of any size be read into the case of its folder. Answers at once; see `changed`. */
export interface OpenCaptureParams {
  readonly uri: string;
}
export const openCaptureMethod = "packetwalk/openCapture";

/** Method `packetwalk/events`: the events of the conversation of a packet. Answers null where there is no such packet any more. */
export interface EventsParams {
  readonly uri: string;
  readonly packet: string;
}
export interface EventsResult {
  readonly events: readonly {
    /** As it stands in the capture: mostly a line. */
    readonly text: string;
    readonly location: LocationView;
  }[];
}
export const eventsMethod = "packetwalk/events";

/** Scheme of the documents that show such events by themselves. They belong to no case; nothing is found in them. */
export const eventsScheme = "packetwalk-events";

/** Method `packetwalk/tryFix`: a fix, and a packet to see its effect on. Answers null where there is no such fix any more. */
export interface TryFixParams {
  readonly uri: string;
  readonly fixId: string;
  /** The packet that the user looks at. */
  readonly packet?: string;
}
export interface TryFixResult {
  readonly fix: FixView;
  /** `packet`, if the fix changes its way; else the first packet that it does change; absent where there is none. */
  readonly packet?: string;
}
export const tryFixMethod = "packetwalk/tryFix";

/**
 * Method `packetwalk/recognise`: what a text is, by its first lines. Asked for documents of no particular language, which the
 * server has not been sent.
 */
export type RecogniseParams =
  /** The first lines of the text, about a hundred. */
  | { readonly head: string }
  /** A file that the editor hands to no extension, because it is too large. */
  | { readonly uri: string };
/** The language to give the document, or null where the text is neither. */
export type RecogniseResult = "cilium-monitor" | "iproute2" | null;
export const recogniseMethod = "packetwalk/recognise";

/** Notification `packetwalk/changed` (server to client): the case of these documents was analysed again. */
export interface ChangedParams {
  readonly uris: readonly string[];
}
export const changedMethod = "packetwalk/changed";

/** A file beside a document. */
export interface FileEntryView {
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the contents do (a modification time). */
  readonly version: string;
}

/** Method `packetwalk/listFolder` (server to client): the plain files of a folder that the server can't read itself. */
export interface ListFolderParams {
  readonly folderUri: string;
}
export type ListFolderResult = readonly FileEntryView[];
export const listFolderMethod = "packetwalk/listFolder";

/** Method `packetwalk/readText` (server to client): the beginning of such a file, or null where it can't be read. */
export interface ReadTextParams {
  readonly uri: string;
  readonly bytes: number;
}
export type ReadTextResult = string | null;
export const readTextMethod = "packetwalk/readText";

/**
 * Method `packetwalk/findingPage`: a page about a kind of finding, as CommonMark; with the evidence of the finding at a place, where one is
 * given. `null` for a code that does not exist. A client whose `initializationOptions` have `findingPages: true` gets diagnostics that link
 * to `findingScheme:/CODE.md?PARAMS`, the parameters as JSON.
 */
export interface FindingPageParams {
  readonly code: string;
  /** The document of the finding and where it begins. */
  readonly at?: { readonly uri: string; readonly line: number; readonly character: number };
}
export type FindingPageResult = string | null;
export const findingPageMethod = "packetwalk/findingPage";
export const findingScheme = "packetwalk-finding";

/** The address of a finding's page. */
export function findingPageAddress(params: FindingPageParams): string {
  return `${findingScheme}:/${params.code}.md?${encodeURIComponent(JSON.stringify(params))}`;
}

/** Method `packetwalk/captureScript`: a script that captures what Packetwalk reads, on a node or by kubectl. */
export interface CaptureScriptParams {
  /** Name of a node, to be reached by kubectl. */
  readonly node?: string;
  /** Name of its Cilium agent's pod, in place of the node's. */
  readonly pod?: string;
}
export type CaptureScriptResult = string;
export const captureScriptMethod = "packetwalk/captureScript";

/** Code of the diagnostic that says how many findings of a file are not shown. */
export const restCode = "more-findings";

/** Command that the server itself executes: shows a script that a code action has just written. Its argument is the URI. */
export const showScriptCommand = "packetwalk.showScript";

/** Commands of the code actions. The client implements them; other editors can leave them out and use the script action. */
export const copyCommand = "packetwalk.copyFix";
export const tryFixCommand = "packetwalk.tryFix";
export const openPanelCommand = "packetwalk.openPath";
/** Its argument is `FindingPageParams`. */
export const explainCommand = "packetwalk.explainFinding";

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
  /** Id of a packet to select. */
  readonly packet?: string;
  /** Index of a hop of its walk. */
  readonly hop?: number;
}
