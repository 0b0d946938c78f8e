import assert from "node:assert/strict";
import type { ToPage } from "../../../client/src/pathPanel/messages.js";
import { initialState, listPage, type PanelState } from "../../../client/src/pathPanel/page/panelState.js";
import { type Action, reduce } from "../../../client/src/pathPanel/page/reduce.js";
import type { FixView } from "../../../server/src/lsp/protocol.js";
import { drawCase, drawWalks } from "./drawnWalks.js";

const result = drawCase(`
  bad   broken  wire from-network | routing wire || routing from-host pod
  good  ok      pod from-endpoint wire
`);
const fix: FixView = {
  id: "fix",
  title: "A fix",
  commands: [],
  undo: [],
  repairs: [],
  sideEffects: [],
  notes: [],
  location: { uri: "file:///a", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
};
const tried = { fix, walks: drawWalks("bad ok  wire from-network routing from-host pod") };

function follow(...steps: readonly (ToPage | Action)[]): PanelState {
  return steps.reduce<PanelState>((state, step) => reduce(state, toAction(step)), initialState);
}

function toAction(step: ToPage | Action): Action {
  switch (step.type) {
    case "paths":
    case "tried":
    case "empty":
    case "loading":
    case "select":
      return { type: "received", message: step };
    default:
      return step;
  }
}

function where({ walk, hop, side }: PanelState): string {
  return `${walk} ${hop} ${side}`;
}

describe("the panel's state", () => {
  it("comes back to what the user looked at", () => {
    assert.equal(where(follow({ type: "paths", result, selected: "good", hop: 1 })), "good 1 walked");
    assert.equal(where(follow({ type: "paths", result, selected: "gone", hop: 1 })), "bad 2 walked");
  });

  it("keeps hop and side when the same case is sent again, as far as there is such a hop", () => {
    const looking = [{ type: "paths", result }, { type: "switchSide" }, { type: "moveHop", move: "last" }] as const;
    assert.equal(where(follow(...looking)), "bad 4 beside");
    assert.equal(where(follow(...looking, { type: "paths", result, selected: "bad" })), "bad 4 beside");
    const shorter = drawCase("bad broken  wire");
    assert.equal(where(follow(...looking, { type: "paths", result: shorter, selected: "bad" })), "bad 0 walked");
  });

  it("starts afresh with another case", () => {
    const other = drawCase("new ok  wire pod");
    assert.equal(where(follow({ type: "paths", result }, { type: "paths", result: other })), "new 0 walked");
    assert.equal(
      where(follow({ type: "paths", result }, { type: "paths", result: drawCase("") })),
      "undefined 0 walked",
    );
  });

  it("shows a tried fix on the packet it changes, until it is left", () => {
    const trying = [
      { type: "paths", result },
      { type: "selectWalk", walk: "good" },
      { type: "tried", tried },
    ] as const;
    assert.equal(where(follow(...trying)), "bad 2 walked");
    assert.equal(where(follow(...trying, { type: "moveHop", move: "last" })), "bad 4 walked");
    const left = follow(...trying, { type: "moveHop", move: "last" }, { type: "leaveFix" });
    assert.equal(where(left), "bad 2 walked");
    assert.deepEqual(left.content, { type: "case", result });
  });

  it("does not know a fix without a case", () => {
    assert.equal(follow({ type: "tried", tried }), initialState);
    assert.equal(follow({ type: "leaveFix" }), initialState);
  });

  it("shows that it waits only where nothing else is to be seen", () => {
    assert.equal(follow({ type: "empty", sentence: "Nothing." }, { type: "loading" }).content.type, "loading");
    assert.equal(follow({ type: "paths", result }, { type: "loading" }).content.type, "case");
  });

  it("ignores selections of what is not there", () => {
    const before = follow({ type: "paths", result });
    assert.equal(reduce(before, { type: "selectWalk", walk: "gone" }), before);
    assert.equal(where(reduce(before, { type: "selectHop", side: "beside", hop: 99 })), "bad 4 beside");
    assert.equal(where(reduce(before, { type: "selectHop", side: "beside", hop: -1 })), "bad 0 walked");
  });

  it("moves among the packets that pass the filter", () => {
    const filtered = follow({ type: "paths", result }, { type: "filter", filter: { status: "ok" } });
    assert.equal(where(filtered), "bad 2 walked");
    assert.equal(where(reduce(filtered, { type: "moveWalk", move: "next" })), "good 0 walked");
  });

  it("shows more rows on request and fewer again with another filter", () => {
    const more = follow({ type: "paths", result }, { type: "showMore" });
    assert.equal(more.limit, 2 * listPage);
    assert.equal(reduce(more, { type: "filter", filter: { text: "x" } }).limit, listPage);
  });
});
