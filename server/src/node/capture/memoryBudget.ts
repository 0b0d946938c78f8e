import { closeSync, openSync, readSync } from "node:fs";
import { totalmem } from "node:os";
import { farApart } from "../../core/capture/joining/equalKeys.js";

/** What an event takes while a capture is read and joined, in bytes: 77 in its columns, and up to 38 for its place in packets and conversations. */
const perEvent = 115;

/** What is needed besides, whatever the size of the file. */
const base = 128 << 20;

/** The file is looked into at so many places, so many bytes each, to learn how long its lines are. */
const places = 64;
const placeSize = 1 << 15;

const newline = 0x0a;

/** Memory for one capture where the user says nothing: two gigabytes, or half of a machine that has less than four. */
export function defaultMemoryBudget(): number {
  return Math.min(2 ** 31, totalmem() / 2);
}

/** So many are read with any budget. */
const leastEvents = 1000;

/** How many events fit into so much memory. */
function eventsWithin(budget: number): number {
  return Math.max(leastEvents, Math.floor((budget - base) / perEvent));
}

/** What is kept in memory of each packet of a capture whose rows are on disk: its conversation, its place in that, its class, its direction. */
const perPacket = 14;

/**
 * What a row takes while it is joined: so many before and behind a portion as rows of one packet may stand apart, the portion, and the next one. And
 * what a row of the portion takes besides while it is read and its segment is made.
 */
const perJoinedRow = 130;
const perReadRow = 200;

/** Rows that are read at once, at least and at most: fewer would be joined with too many around them, more are read again for a question. */
const portions = { least: 1 << 15, most: 1 << 20 } as const;

/** How many rows of a capture are read at once where they do not all fit. */
export function portionRows(budget: number): number {
  const rows = (budget - base - 2 * farApart * perJoinedRow) / (2 * perJoinedRow + perReadRow);
  return Math.round(Math.min(portions.most, Math.max(portions.least, rows)));
}

/** How many rows a segment of an index may have to be read within a budget: lines are not of one length everywhere. */
export function largestSegment(budget: number): number {
  return Math.max(eventsWithin(budget), portionRows(budget) * 4);
}

/** How many rows may be kept in memory beside what is known of so many packets. */
export function keptRows(budget: number, packets: number): number {
  return Math.max(0, Math.floor((budget - base - packets * perPacket) / perEvent));
}

/**
 * How many lines a file has, by samples spread over it.
 *
 * @throws what reading the file throws
 */
export function estimateLines(path: string, size: number): number {
  const descriptor = openSync(path, "r");
  const block = new Uint8Array(placeSize);
  let bytes = 0;
  let lines = 0;
  try {
    for (let place = 0; place < places; place++) {
      const read = readSync(descriptor, block, 0, placeSize, Math.floor(((size - placeSize) / (places - 1)) * place));
      bytes += read;
      const sample = block.subarray(0, read);
      for (let at = sample.indexOf(newline); at >= 0; at = sample.indexOf(newline, at + 1)) lines++;
    }
  } finally {
    closeSync(descriptor);
  }
  return bytes === 0 ? 0 : (lines / bytes) * size;
}

/**
 * How much of a file can be read into memory within a budget.
 *
 * @param budget in bytes
 * @returns a number of bytes below the size, or `undefined` if all of it can
 * @throws what reading the file throws
 */
export function readableBytes(path: string, size: number, budget: number): number | undefined {
  const most = eventsWithin(budget);
  // No event is shorter than this: smaller files need not be looked into.
  if (size < most * 40 || size < places * placeSize) return undefined;
  const lines = estimateLines(path, size);
  return lines <= most ? undefined : Math.floor((size * most) / lines);
}
