import { fstatSync } from "node:fs";
import { createNames } from "../../core/capture/columns/names.js";
import type { CaptureTraits } from "../../core/capture/joining/captureTraits.js";
import { farApart } from "../../core/capture/joining/equalKeys.js";
import { type SegmentedIndex, segmentedIndex } from "../../core/large/segments/segmentedIndex.js";
import { mayFollowPoints } from "../../core/path/mayFollowPoints.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import { type SegmentSpan, spanOf } from "../../core/scan/captureSegment.js";
import { mergeScans } from "../../core/scan/mergeScans.js";
import { sectionsBeside, segmentSections } from "./keptIndex.js";
import { pieceEnd } from "./pieceEnd.js";
import { type ScanOptions, scanFile } from "./scanFile.js";
import type { SectionWriter } from "./sectionFile.js";
import { UnwritableIndex } from "./unwritableIndex.js";

/** What is needed to index a file piece by piece. */
export interface SegmentedFile {
  readonly path: string;
  /** The file, open for reading: it stays readable where it is deleted meanwhile. */
  readonly descriptor: number;
  readonly size: number;
  /** How many bytes are read at once, and about how many rows they have. */
  readonly pieceSize: number;
  readonly pieceRows: number;
  /** How many rows before and behind a piece are looked at; less than usual for tests only. */
  readonly reach?: number;
}

/** The next piece of a file; what is missing of it is a problem, and there are no more. */
interface ScannedPiece {
  readonly scanned: ScannedCapture;
  readonly end: number;
  readonly isLast: boolean;
}

/** Pieces may have more rows than on the average. Room that is not used costs an address, but no memory. */
const spare = 1.5;

function withProblem(scanned: ScannedCapture, file: string, at: number, message: string): ScannedCapture {
  const problem = { place: { file, start: at, end: at }, message };
  return { ...scanned, problems: [...scanned.problems, problem], problemCount: scanned.problemCount + 1 };
}

/** Whether a file became shorter, or has no name any more, since its reading began. */
function lossOf({ descriptor, size }: SegmentedFile): string | undefined {
  const now = fstatSync(descriptor);
  if (now.nlink === 0) return "The file was deleted while it was read. What had been read of it is used.";
  return now.size < size ? "The file became shorter while it was read. What had been read of it is used." : undefined;
}

async function scanPiece(source: SegmentedFile, from: number, options: ScanOptions): Promise<ScannedPiece> {
  const { path, size, pieceSize } = source;
  const { file = path } = options;
  try {
    const end = pieceEnd(path, from, from + pieceSize, size);
    const scanned = await scanFile(path, { ...options, from, to: end });
    const loss = lossOf(source);
    const isSaid = scanned.problems.some(({ message }) => message === loss);
    const told = loss === undefined || isSaid ? scanned : withProblem(scanned, file, from, loss);
    return { scanned: told, end, isLast: loss !== undefined || end >= size };
  } catch (error) {
    options.signal?.throwIfAborted();
    const loss = from > 0 ? lossOf(source) : undefined;
    if (loss === undefined) throw error;
    return { scanned: withProblem(mergeScans([], options.names), file, from, loss), end: from, isLast: true };
  }
}

/** Reads a file piece by piece into an index, and writes each segment as soon as it is known. */
async function readPieces(
  source: SegmentedFile,
  options: ScanOptions,
  known: CaptureTraits | undefined,
  write: (index: number, segment: ReturnType<SegmentedIndex["next"]> & {}) => Promise<void>,
): Promise<{ readonly index: SegmentedIndex; readonly spans: SegmentSpan[] }> {
  const { size, pieceRows, reach = farApart } = source;
  const names = createNames();
  const capacity = Math.ceil((reach + pieceRows) * spare) * 2;
  const index = segmentedIndex(names, mayFollowPoints, reach, known, capacity);
  const spans: SegmentSpan[] = [];
  const take = async (): Promise<void> => {
    for (let segment = index.next(); segment; segment = index.next()) {
      await write(spans.length, segment);
      spans.push(spanOf(segment));
    }
  };
  const { onFirst, onProgress, ...others } = options;
  const pieceOptions = { ...others, names, onProgress: (read: number) => onProgress?.(read, size) };
  for (let from = 0, isLast = false; !isLast; ) {
    const piece = await scanPiece(source, from, { ...pieceOptions, ...(from === 0 && onFirst && { onFirst }) });
    index.add(piece.scanned, from, piece.end);
    from = piece.end;
    isLast = piece.isLast;
    await take();
    options.signal?.throwIfAborted();
  }
  index.end();
  await take();
  return { index, spans };
}

/**
 * Writes the index of a file that does not fit into memory. Some pieces of it are in memory at a time, and what is known of packets and
 * conversations.
 *
 * @param startWriter makes the file of sections; more than once where the first reading shows late what all of it must be read by
 * @throws UnwritableIndex where the disk does not take it; what reading the file throws; the signal's reason, if it is aborted. Nothing is left
 *   behind then.
 */
export async function writeSegmented(
  source: SegmentedFile,
  options: ScanOptions,
  startWriter: () => Promise<SectionWriter>,
): Promise<void> {
  let traits: CaptureTraits | undefined;
  for (;;) {
    const writer = await orUnwritable(startWriter());
    try {
      const { index, spans } = await readPieces(source, options, traits, async (at, segment) => {
        for (const [name, section] of segmentSections(at, segment)) await orUnwritable(writer.add(name, section));
      });
      if (index.isConsistent) {
        for (const [name, section] of sectionsBeside(index.finish(), spans)) {
          await orUnwritable(writer.add(name, section));
        }
        return await orUnwritable(writer.finish());
      }
      ({ traits } = index);
    } finally {
      await writer.abandon();
    }
  }
}

async function orUnwritable<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    throw new UnwritableIndex(error instanceof Error ? error.message : String(error));
  }
}
