import assert from "node:assert/strict";
import { walkId } from "../../../../server/src/core/explain/packet/explainPacket.js";
import { listPackets, type PacketFilter } from "../../../../server/src/core/explain/packet/listPackets.js";
import type { DatapathPlaceId } from "../../../../server/src/core/path/datapathPlaces.js";
import type { Disposition, Trace } from "../../../../server/src/core/path/trace.js";

const dispositions: Readonly<Record<string, Disposition>> = {
  broken: { type: "looping", ttl: { from: 64, to: 61 } },
  ok: { type: "delivered" },
  unknown: { type: "insufficient-information", missing: "the rules" },
};

/** Traces from a drawing, one a line: number, status, `place` or `place:device` of each hop, file and conversation. */
function drawTraces(drawing: string): Trace[] {
  return drawing
    .trim()
    .split("\n")
    .map((line) => {
      const [number, status = "", ...rest] = line.trim().split(/\s+/);
      const conversation = Number(rest.pop());
      const file = rest.pop() ?? "";
      return {
        packet: {
          number: Number(number),
          file,
          events: [],
          headers: undefined,
          direction: "unknown",
          directionKnown: "unknown",
          conversation,
        },
        hops: rest.map((hop) => {
          const [place = "", device] = hop.split(":");
          return { place: place as DatapathPlaceId, ...(device === undefined ? {} : { device }), steps: [] };
        }),
        disposition: dispositions[status] ?? { type: "sent" },
        expected: undefined,
        parting: undefined,
      };
    });
}

const list = listPackets(
  drawTraces(`
    1 ok      wire                       b.log 1
    2 broken  wire from-network:eth0     b.log 1
    3 unknown wire                       a.log 1
    4 broken  pod from-endpoint:lxc1     b.log 2
    5 ok      from-network:eth0          a.log 1
  `),
);

/** The selection as text, with what is left out behind a plus sign. */
function select(filter: Partial<PacketFilter>, count = 99): string {
  const { traces, total } = list.select({ text: "", status: "all", ...filter }, count);
  const rest = total - traces.length;
  return [...traces.map(walkId), ...(rest > 0 ? [`+${rest}`] : [])].join(" ");
}

describe("the packet list", () => {
  it("puts conversations together, those with a broken packet first", () => {
    assert.equal(select({}), "b.log#2 b.log#1 b.log#4 a.log#3 a.log#5");
    assert.deepEqual(list.counts, { broken: 2, ok: 2, unknown: 1 });
  });

  it("filters by status", () => {
    assert.equal(select({ status: "ok" }), "b.log#1 a.log#5");
    assert.equal(select({ status: "unknown" }), "a.log#3");
  });

  it("filters by words in any order and case, devices, places and files among them", () => {
    assert.equal(select({ text: "ETH0 b.log" }), "b.log#2");
    assert.equal(select({ text: "  lxc1 " }), "b.log#4");
    assert.equal(select({ text: "pod broken" }), "b.log#4");
    assert.equal(select({ text: "eth0 lxc1" }), "");
  });

  it("gives no more than asked for and counts the rest", () => {
    assert.equal(select({}, 1), "b.log#2 +4");
    assert.equal(select({ status: "ok" }, 1), "b.log#1 +1");
    assert.equal(select({}, 0), "+5");
  });
});
