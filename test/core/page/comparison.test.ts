import assert from "node:assert/strict";
import { type Comparison, compareWalks } from "../../../client/src/pathPanel/page/comparison.js";
import { drawWalks } from "./drawnWalks.js";

/** A comparison as text: a line for each stretch. */
function show({ trunk, walked, beside }: Comparison): string[] {
  return [trunk, walked, beside].flatMap((stretch) => {
    if (stretch === undefined) return [];
    const way = `${stretch.heading ?? "Both"}${stretch.hypothetical ? "?" : ""}`;
    return [`${way} ${stretch.kind} from ${stretch.from}: ${stretch.hops.map(({ title }) => title).join(" ")}`];
  });
}

function compare(captured: string, tried?: string): string[] {
  const [one] = drawWalks(captured);
  assert.ok(one);
  return show(compareWalks(one, tried === undefined ? undefined : drawWalks(tried)[0]));
}

describe("what is drawn for a packet", () => {
  it("is one line where there is nothing to compare with", () => {
    assert.deepEqual(compare("a ok  wire from-network pod"), ["Both right from 0: wire from-network pod"]);
    assert.deepEqual(compare("a broken  wire from-network"), ["Both wrong from 0: wire from-network"]);
    assert.deepEqual(compare("a unknown  wire from-network"), ["Both plain from 0: wire from-network"]);
  });

  it("is a trunk and two branches where the walks part", () => {
    assert.deepEqual(compare("a broken  wire from-network | routing wire || routing from-host pod"), [
      "Both shared from 0: wire from-network",
      "Observed wrong from 2: routing wire",
      "Expected? right from 2: routing from-host pod",
    ]);
  });

  it("has an empty branch where the packet was not seen again", () => {
    assert.deepEqual(compare("a broken  wire from-network || routing pod"), [
      "Both shared from 0: wire from-network",
      "Observed wrong from 2: ",
      "Expected? right from 2: routing pod",
    ]);
  });

  it("has no trunk where they part at once", () => {
    assert.deepEqual(compare("a broken  | wire || pod"), [
      "Both shared from 0: ",
      "Observed wrong from 0: wire",
      "Expected? right from 0: pod",
    ]);
  });

  it("sets a tried fix beside what was captured, parting where the capture parted from its normal way", () => {
    const captured = "a broken  wire routing | routing wire || routing from-host pod";
    assert.deepEqual(compare(captured, "a ok  wire routing routing from-host pod"), [
      "Both shared from 0: wire routing",
      "With the fix? right from 2: routing from-host pod",
      "As captured wrong from 2: routing wire",
    ]);
  });

  it("parts at the first other place or device where the capture knows no parting point", () => {
    assert.deepEqual(compare("a unknown  wire to-network:eth0 wire", "a ok  wire to-network:eth1 wire"), [
      "Both shared from 0: wire",
      "With the fix? right from 1: to-network wire",
      "As captured plain from 1: to-network wire",
    ]);
  });

  it("is one line where the fix does not change the walk", () => {
    assert.deepEqual(compare("a ok  wire routing pod", "a ok  wire routing pod"), [
      "Both right from 0: wire routing pod",
    ]);
  });
});
