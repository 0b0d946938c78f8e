import assert from "node:assert/strict";
import type { WalkFilter } from "../../../client/src/pathPanel/page/panelState.js";
import { visibleWalks } from "../../../client/src/pathPanel/page/visibleWalks.js";
import { drawWalks } from "./drawnWalks.js";

const walks = drawWalks(`
  one    broken   wire from-network:eth0 wire   [b.log 1]
  two    broken   pod from-endpoint:lxc1 wire   [b.log 2]
  three  unknown  wire pod                      [a.log 1]
  four   ok       wire pod                      [b.log 1]
  five   ok       wire from-network:eth0        [a.log 1]
`);

/** The list as text: `file conversation: ids; ...`, with what is left out behind a plus sign. */
function list(filter: Partial<WalkFilter>, limit = 99): string {
  const { groups, more } = visibleWalks(walks, { text: "", status: "all", ...filter }, limit);
  const shown = groups.map(
    (group) => `${group.file} ${group.conversation}: ${group.walks.map(({ id }) => id).join(" ")}`,
  );
  return [...shown, ...(more > 0 ? [`+${more}`] : [])].join("; ");
}

describe("the packet list", () => {
  it("keeps the order in which conversations first occur", () => {
    assert.equal(list({}), "b.log 1: one four; b.log 2: two; a.log 1: three five");
  });

  it("filters by status", () => {
    assert.equal(list({ status: "ok" }), "b.log 1: four; a.log 1: five");
    assert.equal(list({ status: "unknown" }), "a.log 1: three");
  });

  it("filters by words in any order and case, devices and files among them", () => {
    assert.equal(list({ text: "ETH0 b.log" }), "b.log 1: one");
    assert.equal(list({ text: "  lxc1 " }), "b.log 2: two");
    assert.equal(list({ text: "packet five" }), "a.log 1: five");
    assert.equal(list({ text: "eth0 lxc1" }), "");
  });

  it("draws no more than asked for and counts the rest", () => {
    assert.equal(list({}, 1), "b.log 1: one; +4");
    assert.equal(list({}, 3), "b.log 1: one four; b.log 2: two; +2");
    assert.equal(list({}, 0), "+5");
  });
});
