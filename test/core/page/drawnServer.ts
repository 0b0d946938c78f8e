import {
  initialState,
  type PanelState,
  sameRequest,
  wantedList,
  wantedWalk,
} from "../../../client/src/pathPanel/page/panelState.js";
import { type Action, reduce } from "../../../client/src/pathPanel/page/reduce.js";
import type { WalkView } from "../../../server/src/lsp/protocol.js";
import { drawWalks } from "./drawnWalks.js";

/** A server that knows the walks of a drawing and answers what the page asks for; `withFix` are those that a fix changes. */
export interface DrawnServer {
  walks: readonly WalkView[];
  withFix: readonly WalkView[];
}

export function drawServer(walks: string, withFix = ""): DrawnServer {
  return { walks: drawWalks(walks), withFix: drawWalks(withFix) };
}

/** The state after an action and the answers to what that makes the page ask. */
export function step(server: DrawnServer, before: PanelState, action: Action): PanelState {
  let state = reduce(before, action);
  const list = wantedList(state);
  if (list !== undefined && !sameRequest(list, wantedList(before))) {
    const passing = server.walks.filter(({ status }) => list.filter.status === "all" || list.filter.status === status);
    const result = { packets: passing.slice(list.start, list.start + list.count), total: passing.length };
    state = step(server, state, { type: "received", message: { type: "list", request: list, result } });
  }
  const walk = wantedWalk(state);
  if (walk !== undefined && !sameRequest(walk, wantedWalk(before))) {
    const captured = server.walks.find(({ id }) => id === walk.packet);
    const tried = walk.fixId === undefined ? undefined : server.withFix.find(({ id }) => id === walk.packet);
    const result = captured === undefined ? null : { walk: captured, ...(tried && { tried }) };
    state = step(server, state, { type: "received", message: { type: "walk", request: walk, result } });
  }
  return state;
}

/** The state after some actions, from the beginning. */
export function follow(server: DrawnServer, ...actions: readonly Action[]): PanelState {
  return actions.reduce<PanelState>((state, action) => step(server, state, action), initialState);
}
