import { closeSync, openSync, readSync } from "node:fs";
import { mayCutBefore } from "../../core/monitor/mayCutBefore.js";
import { lastMessageStart } from "./lastMessageStart.js";

/** How far is looked back for a place to cut at. */
const step = 1 << 20;

/** Lines that are tried: a dump can't be cut at all. */
const mostTried = 64;

/**
 * Where the last line begins before `end` that no event reaches over, though it opens no message: an event of text or of Hubble; -1 if none of the last
 * lines is one.
 */
function lastCut(path: string, end: number): number {
  const from = Math.max(0, end - step);
  const bytes = Buffer.alloc(end - from);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, bytes, 0, bytes.length, from);
  } finally {
    closeSync(descriptor);
  }
  // A character for each byte, so that places in the text are places in the file.
  const text = bytes.toString("latin1");
  const brace = text.indexOf("{");
  let newline = text.lastIndexOf("\n", text.length - 2);
  for (let tried = 0; newline > 0 && tried < mostTried; tried++) {
    const at = newline + 1;
    // Its own line may not be whole here: the one before it is.
    if (tried > 0 && mayCutBefore(text, at, brace >= 0 && brace < at)) return from + at;
    newline = text.lastIndexOf("\n", newline - 1);
  }
  return -1;
}

/**
 * Where a piece of a file may end that begins at `from`: in front of the last message or other event before `wanted`, or of a later one, if there is
 * none; the end of the file where none follows.
 *
 * @throws what reading the file throws
 */
export function pieceEnd(path: string, from: number, wanted: number, size: number): number {
  for (let at = Math.max(wanted, from + 1); at < size; at += step) {
    const start = Math.max(lastMessageStart(path, at), lastCut(path, at));
    if (start > from) return start;
  }
  return size;
}
