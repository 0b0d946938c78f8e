import type {
  CaseView,
  FixView,
  PacketStatus,
  PacketsResult,
  WalkResult,
} from "../../../../server/src/lsp/protocol.js";
import type { ListRequest, WalkRequest } from "../messages.js";

export type { PacketStatus };

/** Which of the two walks drawn beside each other: the packet's own, or the one it is compared with. */
export type Side = "walked" | "beside";

export interface CaseContent {
  readonly type: "case";
  readonly known: CaseView;
  /** The rows that came last; undefined until some have. */
  readonly list?: PacketsResult;
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

/** The rows that the page needs to draw this state. */
export function wantedList({ content, filter, limit }: PanelState): ListRequest | undefined {
  if (content.type !== "case") return undefined;
  const { known, tried } = content;
  return { revision: known.revision, filter, count: limit, ...(tried && { fixId: tried.id }) };
}

/** The walk that the page needs to draw this state. */
export function wantedWalk({ content, packet }: PanelState): WalkRequest | undefined {
  if (content.type !== "case" || packet === undefined) return undefined;
  const { known, tried } = content;
  return { revision: known.revision, packet, ...(tried && { fixId: tried.id }) };
}

/** Whether two requests ask for the same. */
export function sameRequest(
  a: ListRequest | WalkRequest | undefined,
  b: ListRequest | WalkRequest | undefined,
): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
