import type {
  CaseView,
  FixView,
  ListedFixes,
  PacketStatus,
  PacketsResult,
  WalkResult,
} from "../../../../server/src/lsp/protocol.js";
import type { ListQuery, ListRequest, WalkRequest } from "../messages.js";

export type { PacketStatus };

/** Which of the two walks drawn beside each other: the packet's own, or the one it is compared with. */
export type Side = "walked" | "beside";

/** Rows of the packet list, and what they are the first rows of. */
export interface ListedPackets extends PacketsResult {
  readonly query: ListQuery;
}

export interface CaseContent {
  readonly type: "case";
  readonly known: CaseView;
  /** The rows that came last; undefined until some have. */
  readonly list?: ListedPackets;
  /** The fixes that came last; undefined until some have. */
  readonly fixes?: ListedFixes;
  /** The fix that is applied in the simulation. */
  readonly tried?: FixView;
}

export type PanelContent =
  | { readonly type: "loading" }
  | { readonly type: "empty" | "failed"; readonly sentence: string }
  | CaseContent;

export type PacketFilter = ListRequest["filter"];

/** All that the page shows follows from this value; only the reducer makes new ones. */
export interface PanelState {
  readonly content: PanelContent;
  readonly filter: PacketFilter;
  /** How many packets of the list are drawn; the rest on request. */
  readonly limit: number;
  /** Id of the selected packet. */
  readonly packet: string | undefined;
  /** The walk that is drawn: that of `packet`, or until it has come, the one before. */
  readonly walk: WalkResult | undefined;
  /** Index of the selected hop on `side`; undefined: where the walk is entered, once it has come. */
  readonly hop: number | undefined;
  readonly side: Side;
}

/** Rows of the packet list drawn at first and added by each "Show more". */
export const listPage = 200;

export const initialState: PanelState = {
  content: { type: "loading" },
  filter: { text: "", status: "all" },
  limit: listPage,
  packet: undefined,
  walk: undefined,
  hop: undefined,
  side: "walked",
};

/** The rows that the page needs to draw this state and does not have. */
export function wantedList({ content, filter, limit }: PanelState): ListRequest | undefined {
  if (content.type !== "case") return undefined;
  const { known, list, tried } = content;
  const query: ListQuery = { revision: known.revision, filter, ...(tried && { fixId: tried.id }) };
  const listed = list !== undefined && sameRequest(list.query, query) ? list : undefined;
  const start = listed?.packets.length ?? 0;
  if (listed && start >= Math.min(limit, listed.total)) return undefined;
  return { ...query, start, count: limit - start };
}

/** The walk that the page needs to draw this state. */
export function wantedWalk({ content, packet }: PanelState): WalkRequest | undefined {
  if (content.type !== "case" || packet === undefined) return undefined;
  const { known, tried } = content;
  return { revision: known.revision, packet, ...(tried && { fixId: tried.id }) };
}

/** The revision of the case whose fixes the page needs to draw this state. */
export function wantedFixes({ content }: PanelState): number | undefined {
  return content.type === "case" && content.known.mayHaveFixes ? content.known.revision : undefined;
}

/** Whether two requests ask for the same. */
export function sameRequest(a: ListQuery | WalkRequest | undefined, b: ListQuery | WalkRequest | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
