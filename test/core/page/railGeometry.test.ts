import assert from "node:assert/strict";
import {
  branchSides,
  lanesOf,
  laneX,
  linePath,
  linesThrough,
} from "../../../client/src/pathPanel/page/railGeometry.js";
import type { HopView } from "../../../server/src/lsp/protocol.js";
import { drawWalks } from "./drawnWalks.js";

function hops(drawing: string): readonly HopView[] {
  return drawWalks(`a ok  ${drawing}`)[0]?.hops ?? [];
}

describe("the rail", () => {
  it("has the lanes that occur, from inside the node to outside", () => {
    assert.deepEqual(lanesOf(hops("wire from-network routing wire")), ["kernel", "device", "wire"]);
    assert.deepEqual(lanesOf(hops("pod from-host wire")), ["pod", "cilium", "wire"]);
    assert.equal(laneX(["pod", "wire"], "wire", 20), 30);
  });

  it("runs straight down within a lane", () => {
    assert.equal(linePath({ x: 10, y: 0 }, { x: 10, y: 40 }), "M10 0V40");
  });

  it("changes its lane just before the next station", () => {
    assert.equal(linePath({ x: 10, y: 0 }, { x: 30, y: 100 }), "M10 0V70C10 85 30 85 30 100");
  });

  it("bends no higher than there is room", () => {
    assert.equal(linePath({ x: 10, y: 0 }, { x: 30, y: 20 }), "M10 0V0C10 10 30 10 30 20");
  });

  it("leaves the trunk to its own side first", () => {
    assert.equal(linePath({ x: 10, y: 0 }, { x: 14, y: 50 }, 4), "M10 0C10 6 14 6 14 12V50");
  });

  it("joins stations that follow each other", () => {
    const points = [10, 10, 10].map((x, index) => ({ x, y: index * 40 }));
    assert.deepEqual(linesThrough(points), ["M10 0V40", "M10 40V80"]);
    assert.deepEqual(linesThrough([]), []);
  });

  it("lets the branch that goes further left run left", () => {
    const lanes = lanesOf(hops("pod from-host routing to-network wire"));
    const left = hops("routing from-host pod");
    const right = hops("routing to-network wire");
    assert.deepEqual(branchSides(lanes, right, left), { walked: 1, beside: -1 });
    assert.deepEqual(branchSides(lanes, left, right), { walked: -1, beside: 1 });
    assert.deepEqual(branchSides(lanes, left, []), { walked: 1, beside: -1 });
  });
});
