import type { WalkResult } from "../../../../server/src/lsp/protocol.js";
import type { ToPage } from "../messages.js";
import { compareWalks, hopsOf } from "./comparison.js";
import {
  initialState,
  listPage,
  type PacketFilter,
  type PanelState,
  type Side,
  sameRequest,
  wantedFixes,
  wantedList,
  wantedWalk,
} from "./panelState.js";

/** Where to go from what is selected. */
export type Move = "next" | "previous" | "first" | "last";

export type Action =
  | { readonly type: "received"; readonly message: ToPage }
  | { readonly type: "selectPacket"; readonly packet: string }
  | { readonly type: "movePacket"; readonly move: Move }
  | { readonly type: "selectHop"; readonly side: Side; readonly hop: number }
  | { readonly type: "moveHop"; readonly move: Move }
  | { readonly type: "switchSide" }
  | { readonly type: "filter"; readonly filter: Partial<PacketFilter> }
  | { readonly type: "showMore" }
  | { readonly type: "leaveFix" };

/** The state after an action; the same object where the action changes nothing. */
export function reduce(state: PanelState, action: Action): PanelState {
  switch (action.type) {
    case "received":
      return receive(state, action.message);
    case "selectPacket":
      return selectPacket(state, action.packet, undefined);
    case "movePacket":
      return movePacket(state, action.move);
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
    case "failed":
      return { ...initialState, filter: state.filter, content: message };
    case "case":
      return receiveCase(state, message);
    case "list":
      return receiveList(state, message);
    case "walk":
      return sameRequest(message.request, wantedWalk(state)) ? receiveWalk(state, message.result) : state;
    case "fixes":
      return message.revision === wantedFixes(state) && state.content.type === "case"
        ? { ...state, content: { ...state.content, fixes: message.result } }
        : state;
    case "tried": {
      if (state.content.type !== "case") return state;
      const next: PanelState = { ...state, content: { ...state.content, tried: message.fix } };
      // The walk with the fix is still to come, and is entered where it differs.
      return message.packet === undefined ? next : { ...next, packet: message.packet, hop: undefined, side: "walked" };
    }
    case "select":
      return selectPacket(state, message.packet, message.hop);
  }
}

function receiveCase(before: PanelState, { known, packet, hop, tried }: ToPage & { type: "case" }): PanelState {
  // What was drawn of this case stays until it comes anew.
  const same =
    before.content.type === "case" && before.content.known.caseName === known.caseName ? before.content : undefined;
  const fixes = known.mayHaveFixes ? same?.fixes : undefined;
  const list = before.content.type === "case" ? before.content.list : undefined;
  const state: PanelState = {
    ...before,
    content: { type: "case", known, ...(list && { list }), ...(fixes && { fixes }), ...(tried && { tried }) },
  };
  if (packet === undefined) return { ...state, packet, walk: undefined, hop: undefined, side: "walked" };
  return packet === state.packet ? state : selectPacket(state, packet, hop);
}

function receiveList(state: PanelState, { request, result }: ToPage & { type: "list" }): PanelState {
  if (state.content.type !== "case" || !sameRequest(request, wantedList(state))) return state;
  const { start, count: _, ...query } = request;
  const before = start === 0 ? [] : (state.content.list?.packets ?? []);
  const list = { query, total: result.total, packets: [...before, ...result.packets] };
  const next: PanelState = { ...state, content: { ...state.content, list } };
  const [first] = result.packets;
  return state.packet === undefined && first !== undefined ? selectPacket(next, first.id, undefined) : next;
}

/** A walk that came for the selected packet. A packet that is gone gives way to the first of the list. */
function receiveWalk(state: PanelState, walk: WalkResult | null): PanelState {
  if (walk === null) {
    const first = state.content.type === "case" ? state.content.list?.packets[0]?.id : undefined;
    return { ...state, packet: first ?? state.packet, walk: undefined, hop: undefined, side: "walked" };
  }
  return selectHop({ ...state, walk }, state.side, state.hop ?? entryHop(walk));
}

/** Selects a packet, at the hop where one enters its walk unless another is named. */
function selectPacket(state: PanelState, packet: string, hop: number | undefined): PanelState {
  const next: PanelState = { ...state, packet, hop, side: "walked" };
  const current = currentWalk(next);
  return current === undefined ? next : selectHop(next, "walked", hop ?? entryHop(current));
}

/** Where a walk is entered: at the point where it parts from its normal way, for that is what one came to see. */
function entryHop({ walk, tried }: WalkResult): number {
  const { trunk, walked } = compareWalks(walk, tried);
  if (walked === undefined) return 0;
  return walked.hops.length > 0 ? walked.from : trunk.hops.length - 1;
}

/** The walk of the selected packet, if it has come. */
function currentWalk({ walk, packet }: PanelState): WalkResult | undefined {
  return walk?.walk.id === packet ? walk : undefined;
}

function selectHop(state: PanelState, wanted: Side, index: number): PanelState {
  const current = currentWalk(state);
  if (current === undefined) return state;
  const comparison = compareWalks(current.walk, current.tried);
  const hop = Math.max(0, Math.min(index, hopsOf(comparison, wanted).length - 1));
  const side =
    wanted === "beside" && comparison.beside !== undefined && hop >= comparison.beside.from ? wanted : "walked";
  return { ...state, side, hop };
}

function moveHop(state: PanelState, move: Move): PanelState {
  if (move === "first") return selectHop(state, state.side, 0);
  if (move === "last") return selectHop(state, state.side, Number.POSITIVE_INFINITY);
  return selectHop(state, state.side, (state.hop ?? 0) + (move === "next" ? 1 : -1));
}

function switchSide(state: PanelState): PanelState {
  const current = currentWalk(state);
  const beside = current && compareWalks(current.walk, current.tried).beside;
  if (beside === undefined) return state;
  return selectHop(state, state.side === "walked" ? "beside" : "walked", Math.max(state.hop ?? 0, beside.from));
}

function movePacket(state: PanelState, move: Move): PanelState {
  const packets = (state.content.type === "case" && state.content.list?.packets) || [];
  const at = packets.findIndex(({ id }) => id === state.packet);
  const last = packets.length - 1;
  const index =
    move === "first" || at < 0
      ? 0
      : move === "last"
        ? last
        : Math.max(0, Math.min(last, at + (move === "next" ? 1 : -1)));
  const packet = packets[index];
  return packet === undefined || packet.id === state.packet ? state : selectPacket(state, packet.id, undefined);
}

function leaveFix(state: PanelState): PanelState {
  if (state.content.type !== "case" || state.content.tried === undefined) return state;
  const { tried: _, ...content } = state.content;
  return { ...state, content, hop: undefined, side: "walked" };
}
