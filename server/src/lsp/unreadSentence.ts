import { nameOf } from "./largeFiles.js";
import type { FileEntry } from "./runtime.js";

/** Endings of files that may be captures or dumps. Others are not spoken of where they can't be read. */
const mayBeOurs = /\.(?:log|txt|json|jsonl|ndjson|cilium-monitor|gz|zst)$/i;

/**
 * What to say of a file of which nothing is shown; `undefined` where it is nobody's business.
 *
 * @param isReadable whether its beginning could be read
 * @param isWanted whether somebody asked for it
 */
export function unreadSentence({ uri }: FileEntry, isReadable: boolean, isWanted: boolean): string | undefined {
  if (isReadable) return isWanted ? `${nameOf(uri)} does not begin like a capture. Nothing of it is shown.` : undefined;
  if (!isWanted && !mayBeOurs.test(uri)) return undefined;
  return `${nameOf(uri)} can't be read: it is too large for a browser, or this user may not read it.`;
}
