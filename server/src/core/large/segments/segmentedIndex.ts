import type { Names } from "../../capture/columns/names.js";
import type { CaptureTraits } from "../../capture/joining/captureTraits.js";
import type { MayFollow } from "../../capture/joining/followTable.js";
import type { LineMark, ScannedCapture } from "../../scan/captureScanner.js";
import { type CaptureSegment, type LossPlace, lossPlaces } from "../../scan/captureSegment.js";
import { conversationTable } from "../../scan/conversationTable.js";
import { evidenceReader } from "../../scan/nodeEvidence.js";
import { type OtherPlaces, otherPlacesReader } from "../../scan/otherPlaces.js";
import type { IndexedCapture } from "../indexedCapture.js";
import { segmentJoiner } from "./segmentJoiner.js";

/** What is known of a capture beside its segments. */
export type IndexBeside = Pick<IndexedCapture, "scanned" | "joined" | "losses" | "conversations" | "evidence"> & {
  readonly others: OtherPlaces;
};

/** Indexes a capture whose parts come one after the other, so that its rows need not be in memory together. */
export interface SegmentedIndex {
  /**
   * Adds the part that follows.
   *
   * @param begin where in the file it begins, and `end` where it ends
   */
  add(part: ScannedCapture, begin: number, end: number): void;
  /** No more parts follow. */
  end(): void;
  /** The next segment; `undefined` until more is added, or when there is no more. */
  next(): CaptureSegment | undefined;
  /** When there is no further segment. */
  finish(): IndexBeside;
  /** As of `SegmentJoiner`. */
  readonly traits: CaptureTraits;
  readonly isConsistent: boolean;
}

/** @param names the table that all parts use. The other parameters are those of `segmentJoiner`. */
export function segmentedIndex(
  names: Names,
  mayFollow: MayFollow,
  reach: number,
  known?: CaptureTraits,
  capacity?: number,
): SegmentedIndex {
  const joiner = segmentJoiner(mayFollow, reach, known, capacity);
  const evidence = evidenceReader();
  const others = otherPlacesReader();
  const losses: LossPlace[] = [];
  const marks: LineMark[] = [];
  let events = 0;
  let lines = 0;
  let problemCount = 0;
  /** Where losses begin that no row of their part follows. */
  let open = 0;

  /** Losses at the end of a part stand before the first row of a later one. */
  function addLosses({ columns }: ScannedCapture): void {
    const first = columns.start[0];
    if (columns.length > 0 && first !== undefined) {
      for (let index = open; index < losses.length; index++)
        losses[index] = { cpu: losses[index]?.cpu ?? 0, at: first };
      open = losses.length;
    }
    for (const loss of lossPlaces(columns)) losses.push(loss);
    while (losses[open] && losses[open]?.at !== Number.POSITIVE_INFINITY) open++;
  }

  return {
    add(part, begin, end) {
      addLosses(part);
      evidence.add(part.columns);
      others.add(part, begin, end);
      joiner.add(part.columns);
      for (const { offset, line } of part.marks) marks.push({ offset, line: line + lines });
      events += part.events;
      lines += part.lines;
      problemCount += part.problemCount;
    },
    end: joiner.end,
    next: joiner.next,
    finish() {
      const joined = joiner.finish();
      return {
        scanned: { names, others: [], problems: [], problemCount, events, lines, marks },
        joined,
        losses,
        conversations: conversationTable(joined),
        evidence: evidence.finish(),
        others: others.finish(),
      };
    },
    get traits() {
      return joiner.traits;
    },
    get isConsistent() {
      return joiner.isConsistent;
    },
  };
}
