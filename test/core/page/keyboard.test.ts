import assert from "node:assert/strict";
import { keyAction, type Region } from "../../../client/src/pathPanel/page/keyAction.js";
import { drawServer, follow, step } from "./drawnServer.js";
import { caseOf } from "./drawnWalks.js";

const server = drawServer(`
  bad   broken  wire from-network | routing to-network wire || routing from-host to-endpoint pod   [b.log 1]
  good  ok      pod from-endpoint wire                                                             [b.log 1]
  far   ok      wire pod                                                                           [a.log 2]
`);

/** Presses keys one after the other, and tells where each leads: `packet hop side`, or what else the key asks for. */
function press(keys: string, region: Region): string[] {
  let state = follow(server, { type: "received", message: { type: "case", known: caseOf(server.walks) } });
  return keys.split(" ").map((name) => {
    const chord = name.startsWith("Ctrl+");
    const key = name.replace("Ctrl+", "").replace("Space", " ");
    const action = keyAction({ key, chord }, region);
    if (action === undefined) return "-";
    if (action.type === "openEvidence") return `${action.type} ${action.focus}`;
    if (action.type === "enterWalk") return action.type;
    state = step(server, state, action);
    return `${state.packet} ${state.hop} ${state.side}`;
  });
}

describe("the keyboard", () => {
  it("begins at the parting point and steps to both ends", () => {
    const places = ["bad 3 walked", "bad 4 walked", "bad 4 walked", "bad 3 walked", "bad 0 walked", "bad 0 walked"];
    assert.deepEqual(press("ArrowRight ArrowDown n ArrowLeft Home p", "walk"), places);
    assert.deepEqual(press("j j j k Home k", "walk"), places);
  });

  it("crosses to the other walk, which is longer, and back over the parting point", () => {
    assert.deepEqual(press("e End e e p p p e", "walk"), [
      "bad 2 beside",
      "bad 5 beside",
      "bad 4 walked",
      "bad 4 beside",
      "bad 3 beside",
      "bad 2 beside",
      "bad 1 walked",
      "bad 2 beside",
    ]);
  });

  it("picks packets while the list has the focus, and still steps along the walk", () => {
    assert.deepEqual(press("ArrowDown j j k End Home ArrowRight Enter", "packets"), [
      "good 0 walked",
      "far 0 walked",
      "far 0 walked",
      "good 0 walked",
      "far 0 walked",
      "bad 2 walked",
      "bad 3 walked",
      "enterWalk",
    ]);
  });

  it("opens the evidence of a hop", () => {
    assert.deepEqual(press("Enter Space", "walk"), ["openEvidence true", "openEvidence false"]);
  });

  it("leaves to the browser and the editor what is theirs", () => {
    assert.deepEqual(press("n ArrowRight Enter", "typing"), ["-", "-", "-"]);
    assert.deepEqual(press("Enter ArrowDown Tab", "details"), ["-", "-", "-"]);
    assert.deepEqual(press("Ctrl+n Ctrl+Enter Tab x constructor", "walk"), ["-", "-", "-", "-", "-"]);
  });
});
