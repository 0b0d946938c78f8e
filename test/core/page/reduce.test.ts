import assert from "node:assert/strict";
import type { ToPage } from "../../../client/src/pathPanel/messages.js";
import { initialState, listPage, type PanelState, wantedList } from "../../../client/src/pathPanel/page/panelState.js";
import { type Action, reduce } from "../../../client/src/pathPanel/page/reduce.js";
import type { FixView } from "../../../server/src/lsp/protocol.js";
import { drawServer, follow, step } from "./drawnServer.js";
import { caseOf } from "./drawnWalks.js";

const server = drawServer(
  `
  bad   broken  wire from-network | routing wire || routing from-host pod
  good  ok      pod from-endpoint wire
`,
  "bad ok  wire from-network routing from-host pod",
);
const known = caseOf(server.walks);
const fix: FixView = {
  id: "fix",
  title: "A fix",
  commands: [],
  undo: [],
  repairs: [],
  repairCount: 0,
  sideEffects: [],
  sideEffectCount: 0,
  notes: [],
  location: { uri: "file:///a", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } },
};

function received(message: ToPage): Action {
  return { type: "received", message };
}

const opened = received({ type: "case", known });
const tried = received({ type: "tried", fix, packet: "bad" });

function where({ packet, hop, side }: PanelState): string {
  return `${packet} ${hop} ${side}`;
}

describe("the panel's state", () => {
  it("comes back to what the user looked at", () => {
    assert.equal(where(follow(server, received({ type: "case", known, packet: "good", hop: 1 }))), "good 1 walked");
    assert.equal(where(follow(server, received({ type: "case", known, packet: "gone", hop: 1 }))), "bad 2 walked");
  });

  it("keeps hop and side when the same case is sent again, as far as there is such a hop", () => {
    const looking = follow(server, opened, { type: "switchSide" }, { type: "moveHop", move: "last" });
    assert.equal(where(looking), "bad 4 beside");
    const again = received({ type: "case", known: { ...known, revision: 2 }, packet: "bad", hop: 4 });
    assert.equal(where(step(server, looking, again)), "bad 4 beside");
    assert.equal(where(step(drawServer("bad broken  wire"), looking, again)), "bad 0 walked");
  });

  it("starts afresh with another case", () => {
    const other = drawServer("new ok  wire pod");
    const message = received({ type: "case", known: { ...caseOf(other.walks), revision: 2 } });
    assert.equal(where(step(other, follow(server, opened), message)), "new 0 walked");
    const empty = received({ type: "case", known: { ...caseOf([]), revision: 3 } });
    assert.equal(where(step(drawServer(""), follow(server, opened), empty)), "undefined undefined walked");
  });

  it("shows a tried fix on the packet it changes, until it is left", () => {
    const trying = follow(server, opened, { type: "selectPacket", packet: "good" }, tried);
    assert.equal(where(trying), "bad 2 walked");
    assert.equal(trying.walk?.tried?.status, "ok");
    const last = step(server, trying, { type: "moveHop", move: "last" });
    assert.equal(where(last), "bad 4 walked");
    const left = step(server, last, { type: "leaveFix" });
    assert.equal(where(left), "bad 2 walked");
    assert.equal(left.walk?.tried, undefined);
    assert.ok(left.content.type === "case" && left.content.tried === undefined);
  });

  it("does not know a fix without a case", () => {
    assert.equal(follow(server, tried), initialState);
    assert.equal(follow(server, { type: "leaveFix" }), initialState);
  });

  it("shows that it waits only where nothing else is to be seen", () => {
    const empty = received({ type: "empty", sentence: "Nothing." });
    assert.equal(follow(server, empty, received({ type: "loading" })).content.type, "loading");
    assert.equal(follow(server, opened, received({ type: "loading" })).content.type, "case");
  });

  it("ignores answers to what it no longer asks for", () => {
    const state = follow(server, opened);
    const late = received({ type: "walk", request: { revision: 0, packet: "bad" }, result: null });
    assert.equal(reduce(state, late), state);
    const request = { revision: 0, filter: { text: "", status: "all" as const }, start: 0, count: 1 };
    assert.equal(reduce(state, received({ type: "list", request, result: { packets: [], total: 0 } })), state);
  });

  it("keeps drawing the walk before until the next one has come", () => {
    const state = reduce(follow(server, opened), { type: "selectPacket", packet: "good" });
    assert.equal(where(state), "good undefined walked");
    assert.equal(state.walk?.walk.id, "bad");
    assert.equal(reduce(state, { type: "moveHop", move: "next" }), state);
  });

  it("keeps the selected hop within the walk", () => {
    const state = follow(server, opened);
    assert.equal(where(reduce(state, { type: "selectHop", side: "beside", hop: 99 })), "bad 4 beside");
    assert.equal(where(reduce(state, { type: "selectHop", side: "beside", hop: -1 })), "bad 0 walked");
  });

  it("moves among the packets that pass the filter", () => {
    const filtered = follow(server, opened, { type: "filter", filter: { status: "ok" } });
    assert.equal(where(filtered), "bad 2 walked");
    assert.equal(where(step(server, filtered, { type: "movePacket", move: "next" })), "good 0 walked");
  });

  it("asks only for the rows that it does not have", () => {
    const many = drawServer(Array.from({ length: listPage + 5 }, (_, at) => `p${at} ok pod wire`).join("\n"));
    const first = follow(many, received({ type: "case", known: caseOf(many.walks) }));
    const rows = ({ content }: PanelState) => (content.type === "case" ? (content.list?.packets ?? []) : []);
    assert.equal(rows(first).length, listPage);
    assert.equal(wantedList(first), undefined);
    const asking = reduce(first, { type: "showMore" });
    assert.deepEqual([wantedList(asking)?.start, wantedList(asking)?.count], [listPage, listPage]);
    const all = step(many, first, { type: "showMore" });
    assert.deepEqual(
      rows(all).map(({ id }) => id),
      many.walks.map(({ id }) => id),
    );
    assert.equal(rows(all)[0], rows(first)[0]);
    const anew = reduce(all, received({ type: "case", known: { ...caseOf(many.walks), revision: 2 } }));
    assert.deepEqual([wantedList(anew)?.start, wantedList(anew)?.count], [0, 2 * listPage]);
  });

  it("keeps the fixes of a case until they come anew, and forgets those of another", () => {
    const fixable = { ...known, mayHaveFixes: true };
    const listed = { fixes: [fix], more: 0 };
    const withFixes = follow(
      server,
      received({ type: "case", known: fixable }),
      received({ type: "fixes", revision: 1, result: listed }),
    );
    const fixesOf = ({ content }: PanelState) => (content.type === "case" ? content.fixes : undefined);
    assert.equal(fixesOf(withFixes), listed);
    const again = reduce(withFixes, received({ type: "case", known: { ...fixable, revision: 2 } }));
    assert.equal(fixesOf(again), listed);
    assert.equal(reduce(again, received({ type: "fixes", revision: 1, result: listed })), again);
    const other = reduce(withFixes, received({ type: "case", known: { ...fixable, caseName: "other" } }));
    assert.equal(fixesOf(other), undefined);
  });

  it("shows more rows on request and fewer again with another filter", () => {
    const more = follow(server, opened, { type: "showMore" });
    assert.equal(more.limit, 2 * listPage);
    assert.equal(reduce(more, { type: "filter", filter: { text: "x" } }).limit, listPage);
  });
});
