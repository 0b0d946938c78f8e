import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { JoinedColumns } from "../../core/capture/joinedColumns.js";
import { createNames } from "../../core/capture/names.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";

/** What is kept of a capture: all that reading it again would give. */
export interface CapturedIndex {
  readonly scanned: ScannedCapture;
  readonly joined: JoinedColumns;
}

/** Changes whenever what is kept, or what reading makes of a line, changes. */
const format = "packetwalk-index 1";

/** Bytes of the file that are compared, at its beginning, middle and end each. */
const sampleSize = 1 << 16;

/** All kept indexes together; the oldest go first. */
const mostKept = 4e9;

/** Where indexes are kept, by the custom of the system. */
export function defaultCacheFolder(): string {
  const base = process.env.LOCALAPPDATA ?? process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "packetwalk");
}

function samples(length: number, read: (at: number, size: number) => Uint8Array): string {
  const hash = createHash("sha1");
  for (const at of [0, Math.floor(length / 2), Math.max(0, length - sampleSize)]) hash.update(read(at, sampleSize));
  return hash.digest("hex");
}

/** Tells one state of a file from another: by size, time of change and samples of what is in it. */
export function fileKey(path: string): string {
  const descriptor = openSync(path, "r");
  try {
    const { size, mtimeMs } = fstatSync(descriptor);
    const content = samples(size, (at, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at));
    });
    return `${format} ${size} ${mtimeMs} ${content}`;
  } finally {
    closeSync(descriptor);
  }
}

function indexPath(folder: string, path: string): string {
  return join(folder, `${createHash("sha1").update(resolve(path)).digest("hex")}.index`);
}

function payloadSamples(payload: Uint8Array): string {
  return samples(payload.length, (at, size) => payload.subarray(at, at + size));
}

/** The index that was kept of this state of a file; `undefined` if there is none, or it can't be trusted. */
export function readIndex(folder: string, path: string, key: string): CapturedIndex | undefined {
  try {
    const bytes = readFileSync(indexPath(folder, path));
    const headEnd = bytes.indexOf(0x0a);
    const head = bytes.toString("utf8", 0, headEnd);
    const payload = bytes.subarray(headEnd + 1);
    if (head !== `${key} ${payload.length} ${payloadSamples(payload)}`) return undefined;
    const { texts, scanned, joined } = deserialize(payload) as {
      texts: readonly string[];
      scanned: Omit<ScannedCapture, "names">;
      joined: JoinedColumns;
    };
    const names = createNames();
    for (const text of texts) names.intern(text);
    return { scanned: { ...scanned, names }, joined };
  } catch {
    return undefined;
  }
}

/**
 * Keeps an index for the next time. Written beside its place and renamed, so that a broken-off attempt is never taken for a whole one.
 *
 * @throws what the disk reports; nothing is left behind then
 */
export function keepIndex(folder: string, path: string, key: string, { scanned, joined }: CapturedIndex): void {
  const { names, ...rest } = scanned;
  const texts = Array.from({ length: names.size }, (_, index) => names.text(index));
  const payload = serialize({ texts, scanned: rest, joined });
  const target = indexPath(folder, path);
  const partial = `${target}.${process.pid}.partial`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(partial, `${key} ${payload.length} ${payloadSamples(payload)}\n`, { mode: 0o600 });
    writeFileSync(partial, payload, { flag: "a" });
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  removeOldest(folder);
}

function removeOldest(folder: string): void {
  const kept = readdirSync(folder)
    .filter((name) => name.endsWith(".index"))
    .map((name) => ({ path: join(folder, name), ...sizeAndTime(join(folder, name)) }))
    .sort((a, b) => b.time - a.time);
  let sum = 0;
  for (const { path, size } of kept) {
    sum += size;
    if (sum > mostKept) rmSync(path, { force: true });
  }
}

function sizeAndTime(path: string): { readonly size: number; readonly time: number } {
  const stats = statSync(path, { throwIfNoEntry: false });
  return { size: stats?.size ?? 0, time: stats?.mtimeMs ?? 0 };
}
