import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type CaptureRecipe, madeLines, usualRecipe } from "./madeCapture.js";
import { nodeDump } from "./madeNode.js";

/** Bytes that are written at once. */
const portion = 4 * 1024 * 1024;

/** The text of a made capture of about this many bytes, whole lines, in portions. */
export function* madeText(bytes: number, recipe: CaptureRecipe = usualRecipe): Generator<Buffer> {
  let lines: string[] = [];
  let length = 0;
  let left = bytes;
  for (const line of madeLines(recipe)) {
    lines.push(line);
    length += line.length + 1;
    if (length < portion && length < left) continue;
    yield Buffer.from(`${lines.join("\n")}\n`, "latin1");
    left -= length;
    if (left <= 0) return;
    lines = [];
    length = 0;
  }
}

/** Writes a made capture of about this many bytes. Returns the number of bytes written. */
export function writeCapture(file: string, bytes: number, recipe: CaptureRecipe = usualRecipe): number {
  const out = openSync(file, "w");
  let written = 0;
  for (const text of madeText(bytes, recipe)) written += writeSync(out, text);
  closeSync(out);
  return written;
}

/** Writes a made capture and the dumps of its node into a folder, as `monitor.log` and `node.txt`. */
export function writeNode(folder: string, bytes: number, recipe: CaptureRecipe = usualRecipe): void {
  writeFileSync(join(folder, "node.txt"), nodeDump);
  writeCapture(join(folder, "monitor.log"), bytes, recipe);
}
