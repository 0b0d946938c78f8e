import { closeSync, openSync, readSync } from "node:fs";
import { opensMessage } from "../../core/scan/opensMessage.js";

/** Looked through from the end for the last message that begins there. */
const tail = 1 << 20;

/** Where the last message begins before `end`, in bytes; 0 if none is near. @throws what reading the file throws */
export function lastMessageStart(path: string, end: number): number {
  const from = Math.max(0, end - tail);
  const bytes = new Uint8Array(end - from);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, bytes, 0, bytes.length, from);
  } finally {
    closeSync(descriptor);
  }
  for (let newline = bytes.lastIndexOf(0x0a); newline >= 0; newline = bytes.lastIndexOf(0x0a, newline - 1)) {
    if (opensMessage(bytes, newline + 1)) return from + newline + 1;
    if (newline === 0) break;
  }
  return 0;
}
