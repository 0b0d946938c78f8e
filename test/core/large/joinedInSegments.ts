import type { EventColumns } from "../../../server/src/core/capture/columns/eventColumns.js";
import { type CaptureTraits, captureTraits } from "../../../server/src/core/capture/joining/captureTraits.js";
import type { JoinedColumns } from "../../../server/src/core/capture/joining/joinedColumns.js";
import { pickRows } from "../../../server/src/core/large/segments/rowWindow.js";
import { segmentJoiner } from "../../../server/src/core/large/segments/segmentJoiner.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { type CaptureSegment, type PacketTable, wholeSegment } from "../../../server/src/core/scan/captureSegment.js";

/** Rows from one up to another one, as a capture of their own, with the losses between them. */
export function cutColumns(columns: EventColumns, from: number, to: number): EventColumns {
  const rows = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  const isLast = to === columns.length;
  const losses = columns.losses
    .filter(({ row }) => row >= from && (row < to || isLast))
    .map((loss) => ({ ...loss, row: loss.row - from }));
  return { ...pickRows(columns, rows), losses };
}

/** Joins portions of so many rows each. */
export function joinInSegments(columns: EventColumns, portion: number, reach: number, traits?: CaptureTraits) {
  const joiner = segmentJoiner(mayFollowPoints, reach, traits ?? captureTraits(columns));
  const segments: CaptureSegment[] = [];
  const take = (): void => {
    for (let segment = joiner.next(); segment; segment = joiner.next()) segments.push(segment);
  };
  for (let from = 0; from < columns.length; from += portion) {
    joiner.add(cutColumns(columns, from, Math.min(from + portion, columns.length)));
    take();
  }
  joiner.end();
  take();
  return { segments, table: joiner.finish(), isConsistent: joiner.isConsistent };
}

/** All that is known of the packets of segments, a line each. Rows are named by where their events begin. */
export function packetLines(segments: readonly CaptureSegment[], table: PacketTable): string[] {
  const lines: string[] = [];
  for (const { firstPacket, count, columns, rows, start, strength, alternative, packet } of segments) {
    for (let own = 0; own < count; own++) {
      const number = firstPacket + own;
      const events = Array.from(rows.subarray(start[own], start[own + 1]), (row) => {
        const doubt = alternative[row] === 0 ? "" : "?";
        const stray = packet[row] === own ? "" : " of another packet";
        return `${columns.start[row]} by ${strength[row]}${doubt} at ${columns.point[row]}${stray}`;
      });
      const beside = [
        table.conversation[number],
        table.direction[number],
        table.directionKnown[number],
        ...[table.carriedBy, table.causedBy, table.mayGoOnAs].map((relation) => relation.get(number) ?? "-"),
      ];
      lines.push(`${number}: ${events.join(", ")}; ${beside.join(" ")}`);
    }
  }
  return lines;
}

/** The same of a capture that was joined whole. */
export function wholeLines(columns: EventColumns, joined: JoinedColumns): string[] {
  return packetLines([wholeSegment(columns, joined).at(0)], joined);
}
