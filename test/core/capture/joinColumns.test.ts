import assert from "node:assert/strict";
import { createColumnsBuilder } from "../../../server/src/core/capture/columns/columnsBuilder.js";
import { columnsOfEvents } from "../../../server/src/core/capture/columns/columnsOfEvents.js";
import { type EventColumns, rowFlags } from "../../../server/src/core/capture/columns/eventColumns.js";
import { createNames, fixedName } from "../../../server/src/core/capture/columns/names.js";
import { joinColumns } from "../../../server/src/core/capture/joining/joinColumns.js";
import { parseAddress } from "../../../server/src/core/net/address.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { drawnJoins } from "./drawnJoins.js";
import { eventsOf, type FlowKind, playTraffic } from "./playTraffic.js";

const kinds: readonly FlowKind[] = ["tcp4", "udp4", "udp4zero", "icmp6", "synAck"];
const played = eventsOf(
  playTraffic({ seed: 5, packets: 400, cpus: 4, flows: 20, kinds, turn: 9, steeredPercent: 5, lossPerMille: 20 }),
);

/** Rows that all have one key, at the points given, over and over. */
function equalRows(length: number, points: readonly number[], cpu: number, ipId: number): EventColumns {
  const builder = createColumnsBuilder();
  for (let at = 0; at < length; at++) {
    const row = builder.addRow();
    builder.columns.point[row] = points[at % points.length] ?? 0;
    builder.columns.cpu[row] = cpu;
    builder.columns.ipId[row] = ipId;
    builder.columns.protocol[row] = 17;
    builder.columns.flags[row] = rowFlags.hasPorts;
    builder.columns.flowHash[row] = 7;
  }
  return builder.finish();
}

describe("joinColumns", () => {
  it("answers the same for the same columns", () => {
    const columns = columnsOfEvents(played, createNames());
    assert.deepEqual(joinColumns(columns, mayFollowPoints), joinColumns(columns, mayFollowPoints));
  });

  it("counts every row in one packet, and every packet's rows from its start", () => {
    const columns = columnsOfEvents(played, createNames());
    const { count, rows, start, packet, strength } = joinColumns(columns, mayFollowPoints);
    assert.deepEqual(
      [...rows].sort((a, b) => a - b),
      [...rows.keys()],
    );
    for (let each = 0; each < count; each++) {
      const own = [...rows.subarray(start[each], start[each + 1])];
      assert.ok(own.length > 0 && own.every((row) => packet[row] === each));
      assert.deepEqual(
        own.map((row) => strength[row] === 0),
        own.map((_, index) => index === 0),
      );
    }
  });

  // A join that compared all with all would take minutes.
  for (const [what, points, cpu, ipId] of [
    ["with one content key, all at one point", [11], 1, 9],
    ["with one content key, beginning again and again", [5], 1, 9],
    ["with one content key, ends before beginnings", [11, 5], 0, 9],
    ["of one flow, beginning again and again", [5, 5, 3], 0, 0],
    ["of one flow, without beginnings", [3, 11], 1, 0],
  ] as const) {
    it(`joins 200 000 rows ${what}`, () => {
      const columns = equalRows(200_000, points, cpu, ipId);
      assert.equal(joinColumns(columns, mayFollowPoints).rows.length, columns.length);
    });
  }

  it("joins an empty capture, and one with no event that is known", () => {
    assert.equal(joinColumns(equalRows(0, [5], 1, 1), mayFollowPoints).count, 0);
    assert.equal(joinColumns(equalRows(3, [255], 1, 1), mayFollowPoints).count, 3);
  });
});

describe("columnsOfEvents", () => {
  it("fills a row for each packet event, and says where events were lost", () => {
    const [masqueraded] = drawnJoins();
    const events = masqueraded?.files.get("a.log") ?? [];
    const names = createNames();
    const place = { file: "a.log", start: 0, end: 1 };
    const columns = columnsOfEvents(
      [...events.slice(0, 2), { type: "lost", place, cpu: 3, count: 4 }, ...events.slice(2)],
      names,
    );
    assert.equal(columns.length, 6);
    assert.deepEqual(columns.losses, [{ row: 2, count: 4, cpu: 4 }]);
    assert.deepEqual([...columns.point], [5, 3, 11, 10, 7, 0]);
    assert.deepEqual([...columns.cpu], [4, 4, 6, 7, 7, 7]);
    assert.deepEqual([...columns.ipId], [11, 11, 11, 900, 900, 900]);
    assert.deepEqual([...columns.ttl], [64, 63, 62, 64, 63, 62]);
    assert.deepEqual([...columns.sport], [5, 5, 5, 5, 5, 5]);
    assert.deepEqual([...columns.seq], [1, 1, 1, 1, 1, 1]);
    assert.deepEqual([...columns.protocol], [1, 1, 1, 1, 1, 1]);
    assert.deepEqual([...columns.detail], [6, 6, 6, 7, 7, 7]);
    assert.equal(names.text(columns.src[2] ?? 0), "198.51.100.7");
    assert.equal(columns.reason[1], fixedName("new"));
  });
});

describe("names", () => {
  it("gives an address one number, whichever way it comes", () => {
    const names = createNames();
    for (const [text, canonical] of [
      ["192.0.2.1", "192.0.2.1"],
      ["2001:DB8::0:1", "2001:db8::1"],
      ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ]) {
      const address = parseAddress(text ?? "");
      assert.ok(address);
      const index = names.internAddress(address);
      assert.equal(names.intern(canonical ?? ""), index);
      assert.equal(names.text(index), canonical);
      assert.deepEqual(names.address(index), address);
    }
    assert.equal(names.intern(""), 0);
    assert.equal(names.address(0), undefined);
  });
});
