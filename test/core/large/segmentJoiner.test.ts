import assert from "node:assert/strict";
import * as fc from "fast-check";
import { columnsOfEvents } from "../../../server/src/core/capture/columns/columnsOfEvents.js";
import type { EventColumns } from "../../../server/src/core/capture/columns/eventColumns.js";
import { createNames } from "../../../server/src/core/capture/columns/names.js";
import { farApart } from "../../../server/src/core/capture/joining/equalKeys.js";
import { joinColumns } from "../../../server/src/core/capture/joining/joinColumns.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { drawnJoins } from "../capture/drawnJoins.js";
import { aggregate, eventsOf, type FlowKind, playTraffic } from "../capture/playTraffic.js";
import { joinInSegments, packetLines, wholeLines } from "./joinedInSegments.js";

const kinds: readonly FlowKind[] = ["tcp4", "icmp4", "udp4", "udp4zero", "icmp6", "tcp6", "synAck"];

function playedColumns(seed: number, packets: number, flows: number, isAggregated: boolean): EventColumns {
  const played = playTraffic({
    ...{ seed, packets, flows, kinds, cpus: 4, turn: 9 },
    ...{ steeredPercent: 10, lossPerMille: 5 },
  });
  return columnsOfEvents(eventsOf(isAggregated ? aggregate(played, seed) : played), createNames());
}

/** Joins in segments and whole, and holds both to the same packets. */
function assertSame(columns: EventColumns, portion: number, reach: number): void {
  const { segments, table } = joinInSegments(columns, portion, reach);
  assert.deepEqual(packetLines(segments, table), wholeLines(columns, joinColumns(columns, mayFollowPoints)));
}

describe("segmentJoiner", function () {
  this.timeout(60_000);

  it("gives what the join of the whole gives, wherever the capture is cut", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom(1, 3, 10, 100, 1000),
        fc.boolean(),
        (seed, packets, portion, isAggregated) => {
          assertSame(playedColumns(seed, packets, 12, isAggregated), portion, farApart);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives it also where only some of the rows around a portion are looked at", () => {
    for (const [portion, reach] of [
      [100, 1500],
      [1000, 1500],
      [3000, 1500],
    ] as const) {
      assertSame(playedColumns(portion, 3000, 200, false), portion, reach);
    }
  });

  it("gives every row to one packet, however little is looked at around a portion", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 20 }),
        (seed, portion, reach) => {
          const columns = playedColumns(seed, 60, 12, false);
          const { segments, table } = joinInSegments(columns, portion, reach);
          const starts = segments.flatMap((segment) => [...segment.columns.start]);
          assert.deepEqual(
            starts.sort((a, b) => a - b),
            [...columns.start.subarray(0, columns.length)],
          );
          assert.ok(packetLines(segments, table).every((line) => !line.includes("of another packet")));
          for (const { rows, start, strength, count } of segments) {
            for (let packet = 0; packet < count; packet++) {
              const own = [...rows.subarray(start[packet], start[packet + 1])];
              assert.deepEqual(
                own.map((row) => strength[row] === 0),
                own.map((_, index) => index === 0),
              );
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives it for every drawn capture", () => {
    for (const { files } of drawnJoins()) {
      for (const events of files.values()) {
        for (const portion of [1, 2, 5]) assertSame(columnsOfEvents(events, createNames()), portion, farApart);
      }
    }
  });
});
