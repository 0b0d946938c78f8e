import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import type { ClassStore } from "../../core/large/indexedCapture.js";
import { type CaptureIndex, indexOf, sectionsOf } from "./keptIndex.js";
import { keptRows, largestSegment } from "./memoryBudget.js";
import {
  keyOfSections,
  openSections,
  type Section,
  type SectionFile,
  type SectionWriter,
  sectionWriter,
  writeSections,
} from "./sectionFile.js";
import { UnwritableIndex } from "./unwritableIndex.js";

/** Changes whenever what is kept, or what reading makes of a line, changes. */
const format = "packetwalk-index 4";

/** Bytes of the file that are compared, at its beginning, middle and end each. */
const sampleSize = 1 << 16;

/** All that is kept together; what was used longest ago goes first. */
const mostKept = 4e9;

/** What was written or read so long ago is not in use; what was only begun then is of no use to anybody. In ms. */
const abandonedAfter = 3_600_000;

/** Where indexes are kept, by the custom of the system. */
export function defaultCacheFolder(): string {
  const base = process.env.LOCALAPPDATA ?? process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "packetwalk");
}

/** Samples of what is in the beginning of a file, as a hash. */
function samplesOf(descriptor: number, size: number): string {
  const hash = createHash("sha1");
  const bytes = new Uint8Array(sampleSize);
  for (const at of [0, Math.floor(size / 2), Math.max(0, size - sampleSize)]) {
    const length = Math.min(sampleSize, size - at);
    hash.update(bytes.subarray(0, readSync(descriptor, bytes, 0, length, at)));
  }
  return hash.digest("hex");
}

/** Tells one state of a file from another: by size, time of change and samples of what is in it. @throws what reading the file throws */
export function fileKey(path: string): string {
  const descriptor = openSync(path, "r");
  try {
    const { size, mtimeMs } = fstatSync(descriptor);
    return `${format} ${size} ${mtimeMs} ${samplesOf(descriptor, size)}`;
  } finally {
    closeSync(descriptor);
  }
}

/** The size of a file when a key was made of it; 0 for what is no key. */
function sizeIn(key: string): number {
  return key.startsWith(`${format} `) ? Number(key.slice(format.length + 1).split(" ", 1)) || 0 : 0;
}

/** Tells one build of this program from another: what became of packets is judged by it. */
function buildKey(): string {
  const { size, mtimeMs } = statSync(fileURLToPath(import.meta.url));
  return `${size} ${mtimeMs}`;
}

function keptPath(folder: string, path: string, ending: string): string {
  return join(folder, `${createHash("sha1").update(resolve(path)).digest("hex")}.${ending}`);
}

/** An index that was kept, and the file that it is read from. */
export interface KeptIndex {
  readonly index: CaptureIndex;
  readonly file: SectionFile;
}

/**
 * The index that was kept of this state of a file; `undefined` if there is none, or it can't be trusted, or a segment of it takes more memory than
 * there may be.
 *
 * @param memory the budget in bytes
 */
export function readIndex(folder: string, path: string, key: string, memory: number): KeptIndex | undefined {
  const target = keptPath(folder, path, "index");
  const file = openSections(target, key);
  if (!file) return undefined;
  try {
    const index = indexOf(file, (packets) => keptRows(memory, packets));
    const most = largestSegment(memory);
    if (index.segments.spans.every(({ rows }) => rows <= most)) {
      markUsed(target);
      return { index, file };
    }
  } catch {
    // It is as if it were not there.
  }
  file.close();
  return undefined;
}

/** How large the file was whose index is kept; 0 if none is. */
export function keptSize(folder: string, path: string): number {
  return sizeIn(keyOfSections(keptPath(folder, path, "index")) ?? "");
}

/**
 * The index that was kept of a file before something was appended to it, as far as size and samples tell.
 *
 * @param memory the budget in bytes
 * @returns the index, and up to where it goes; `undefined` as for `readIndex`
 * @throws what reading the file throws
 */
export function readGrownIndex(
  folder: string,
  path: string,
  memory: number,
): (KeptIndex & { readonly size: number }) | undefined {
  const key = keyOfSections(keptPath(folder, path, "index"));
  const size = sizeIn(key ?? "");
  const descriptor = openSync(path, "r");
  try {
    if (key === undefined || size === 0 || size >= fstatSync(descriptor).size) return undefined;
    if (!key.endsWith(` ${samplesOf(descriptor, size)}`)) return undefined;
  } finally {
    closeSync(descriptor);
  }
  const known = readIndex(folder, path, key, memory);
  return known && { ...known, size };
}

/**
 * Has the index of a capture written, segment by segment, and opens it.
 *
 * @param write writes into a file of sections that it starts, once or again
 * @throws what `write` throws; that what was written can't be read
 */
export async function writeIndex(
  folder: string,
  path: string,
  key: string,
  write: (startWriter: () => Promise<SectionWriter>) => Promise<void>,
): Promise<{ readonly file: SectionFile; readonly index: (memory: number) => CaptureIndex }> {
  const target = keptPath(folder, path, "index");
  await write(async () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return sectionWriter(target, key);
  });
  const file = openSections(target, key);
  if (!file) throw new UnwritableIndex("what was written is not what is read");
  removeOldest(folder);
  return { file, index: (memory) => indexOf(file, (packets) => keptRows(memory, packets)) };
}

/**
 * Keeps an index for the next time.
 *
 * @throws what the disk reports; nothing is left behind then
 */
export async function keepIndex(folder: string, path: string, key: string, index: CaptureIndex): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeSections(keptPath(folder, path, "index"), key, sectionsOf(index));
  removeOldest(folder);
}

/**
 * Keeps the classes of a capture's packets beside its index, one case's at a time. Where that fails they are worked out again the next time.
 *
 * @param key that of `fileKey`
 */
export function classStore(folder: string, path: string, key: string): ClassStore {
  const target = keptPath(folder, path, "classes");
  const keyOf = (caseKey: string): string => `${key} ${buildKey()} ${caseKey}`;
  return {
    read(caseKey) {
      const file = openSections(target, keyOf(caseKey));
      try {
        return (
          file && {
            classOf: file.read("classOf") as Uint32Array,
            ...(deserialize(file.read("classes") as Uint8Array) as Pick<
              NonNullable<ReturnType<ClassStore["read"]>>,
              "representatives" | "statuses"
            >),
          }
        );
      } catch {
        return undefined;
      } finally {
        file?.close();
      }
    },
    keep(caseKey, { classOf, representatives, statuses }) {
      const sections: [string, Section][] = [
        ["classOf", classOf],
        ["classes", serialize({ representatives, statuses })],
      ];
      return writeSections(target, keyOf(caseKey), sections).catch(() => {});
    },
  };
}

/** Removes what was used longest ago, where there is more than is kept, and what was abandoned. What is used now is left alone. */
export function removeOldest(folder: string): void {
  const now = Date.now();
  const files = readdirSync(folder).map((name) => ({ path: join(folder, name), ...sizeAndTime(join(folder, name)) }));
  let sum = 0;
  for (const { path, size, time } of files.sort((a, b) => b.time - a.time)) {
    if (!/\.(?:index|classes|unpacked|partial)$/.test(path)) continue;
    sum += size;
    if (now - time < abandonedAfter) continue;
    if (sum > mostKept || path.endsWith(".partial")) rmSync(path, { force: true });
  }
}

/** Puts a kept file behind those that are removed sooner. */
function markUsed(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // A folder that can't be written to is not cleaned either.
  }
}

function sizeAndTime(path: string): { readonly size: number; readonly time: number } {
  const stats = statSync(path, { throwIfNoEntry: false });
  return { size: stats?.size ?? 0, time: stats?.mtimeMs ?? 0 };
}
