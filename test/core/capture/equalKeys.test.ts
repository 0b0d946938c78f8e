import assert from "node:assert/strict";
import { type ColumnsBuilder, createColumnsBuilder } from "../../../server/src/core/capture/columns/columnsBuilder.js";
import type { EventColumns } from "../../../server/src/core/capture/columns/eventColumns.js";
import { farApart, keyChainer } from "../../../server/src/core/capture/joining/equalKeys.js";
import { columnsJoiner, joinColumns } from "../../../server/src/core/capture/joining/joinColumns.js";
import { createWalks, rowMarks } from "../../../server/src/core/capture/joining/walks.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { seededRandom } from "../scan/seededRandom.js";

const points = [0, 3, 5, 9, 10, 11, 254];

/** Rows of UDP, whose content key is the IP identification alone; some have none. Each key comes again near, or about as far as rows may be apart. */
function addRows({ columns, addRow }: ColumnsBuilder, rows: number, random: () => number): void {
  for (let at = 0; at < rows; at++) {
    const row = addRow();
    const isNear = random() % 4 > 0;
    columns.ipId[row] = isNear ? 1 + ((row >> 3) % 3000) : 4000 + (random() % 12);
    if (random() % 50 === 0) columns.ipId[row] = 0;
    // The last ones come again after exactly so many rows, one more, and one less.
    if (row % farApart < 3) columns.ipId[row] = 60_000 + ((row + Math.floor(row / farApart)) % 3);
    columns.point[row] = points[random() % points.length] ?? 0;
    columns.cpu[row] = 1 + (random() % 4);
    columns.ttl[row] = 64 - (random() % 3);
    columns.protocol[row] = 17;
    columns.src[row] = 8 + (random() % 3);
    columns.dst[row] = 11 + (random() % 3);
  }
}

/** What `keyChainer` is to find, by definition. */
function plainChains({ length, ipId }: EventColumns): { next: number[]; marks: number[] } {
  const next = new Array<number>(length).fill(-1);
  const marks = new Array<number>(length).fill(0);
  const last = new Map<number, number>();
  for (let row = 0; row < length; row++) {
    const key = ipId[row] ?? 0;
    if (key === 0) {
      marks[row] = rowMarks.weak;
      continue;
    }
    const earlier = last.get(key);
    last.set(key, row);
    if (earlier === undefined || row - earlier > farApart) continue;
    next[earlier] = row;
    marks[row] = rowMarks.inside;
  }
  return { next, marks };
}

describe("rows with equal keys", function () {
  this.timeout(60_000);

  for (const rows of [0, 1, 5000, 300_000]) {
    it(`are chained as by definition, ${rows} of them in portions`, () => {
      const random = seededRandom(rows + 1);
      const builder = createColumnsBuilder(rows);
      addRows(builder, rows, random);
      const walks = createWalks(rows);
      const chain = keyChainer();
      for (let to = 0; to < rows; to = Math.min(rows, to + 1 + (random() % 20_000))) {
        chain(builder.columns, walks, to);
      }
      chain(builder.columns, walks, rows);
      const { next, marks } = plainChains(builder.columns);
      assert.deepEqual([...walks.next], next);
      assert.deepEqual([...walks.marks], marks);
    });
  }

  it("are told apart where no two keys are equal, while the columns grow", () => {
    const builder = createColumnsBuilder(16);
    const joiner = columnsJoiner(mayFollowPoints);
    while (builder.columns.length < 200_000) {
      const row = builder.addRow();
      builder.columns.ipId[row] = 1;
      builder.columns.seq[row] = row;
      builder.columns.point[row] = 5;
      if (row % 1000 === 0) joiner.add(builder.columns);
    }
    assert.equal(joiner.finish(builder.finish()).count, 200_000);
  });

  it("are joined the same in one portion and in many, while the columns grow", () => {
    const random = seededRandom(7);
    const builder = createColumnsBuilder(16);
    const joiner = columnsJoiner(mayFollowPoints);
    while (builder.columns.length < 400_000) {
      addRows(builder, 1 + (random() % 30_000), random);
      joiner.add(builder.columns);
    }
    const columns = builder.finish();
    assert.deepEqual(joiner.finish(columns), joinColumns(columns, mayFollowPoints));
  });
});
