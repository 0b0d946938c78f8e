import type { IndexedCapture } from "../../core/large/indexedCapture.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import { cutScan } from "../../core/scan/cutScan.js";
import { mergeScans } from "../../core/scan/mergeScans.js";
import { lastMessageStart } from "./lastMessageStart.js";
import { namesSince } from "./namesSince.js";
import { type ScanOptions, scanFile } from "./scanFile.js";

/**
 * Reads what was appended to the file of a capture, and puts it behind what was read before.
 *
 * @param size up to where the file was read
 * @returns all of it; `undefined` where what was read before is not in memory, or not all of what must be gone on from
 * @throws what reading the file throws; the signal's reason, if it is aborted
 */
export async function scanAppended(
  path: string,
  { scanned, segments, lineAt }: Pick<IndexedCapture, "scanned" | "segments" | "lineAt">,
  size: number,
  options: ScanOptions,
): Promise<ScannedCapture | undefined> {
  if (segments.spans.length !== 1) return undefined;
  const { columns } = segments.at(0);
  const { others, problems, events, problemCount } = scanned;
  if (events !== columns.length + others.length || problemCount !== problems.length) return undefined;
  const resume = lastMessageStart(path, size);
  const part = cutScan({ ...scanned, columns }, resume, lineAt(resume).line);
  const { names, ...added } = await scanFile(path, { ...options, from: resume });
  return mergeScans([part, { ...added, scanner: 1, newNames: namesSince(names, 0) }]);
}
