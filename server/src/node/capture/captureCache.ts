import { createHash } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize, serialize } from "node:v8";
import type { ClassStore } from "../../core/large/indexedCapture.js";
import { type CaptureIndex, indexOf, sectionsOf } from "./keptIndex.js";
import { openSections, type Section, type SectionFile, writeSections } from "./sectionFile.js";

/** Changes whenever what is kept, or what reading makes of a line, changes. */
const format = "packetwalk-index 3";

/** Bytes of the file that are compared, at its beginning, middle and end each. */
const sampleSize = 1 << 16;

/** All that is kept together; the oldest goes first. */
const mostKept = 4e9;

/** What was being written when a process ended is of no use to anybody after so long, ms. */
const abandonedAfter = 3_600_000;

/** Where indexes are kept, by the custom of the system. */
export function defaultCacheFolder(): string {
  const base = process.env.LOCALAPPDATA ?? process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "packetwalk");
}

/** Tells one state of a file from another: by size, time of change and samples of what is in it. @throws what reading the file throws */
export function fileKey(path: string): string {
  const descriptor = openSync(path, "r");
  try {
    const { size, mtimeMs } = fstatSync(descriptor);
    const hash = createHash("sha1");
    const bytes = new Uint8Array(sampleSize);
    for (const at of [0, Math.floor(size / 2), Math.max(0, size - sampleSize)]) {
      hash.update(bytes.subarray(0, readSync(descriptor, bytes, 0, sampleSize, at)));
    }
    return `${format} ${size} ${mtimeMs} ${hash.digest("hex")}`;
  } finally {
    closeSync(descriptor);
  }
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

/** The index that was kept of this state of a file; `undefined` if there is none, or it can't be trusted. */
export function readIndex(folder: string, path: string, key: string): KeptIndex | undefined {
  const file = openSections(keptPath(folder, path, "index"), key);
  if (!file) return undefined;
  try {
    return { index: indexOf(file), file };
  } catch {
    file.close();
    return undefined;
  }
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
      const sections = new Map<string, Section>([
        ["classOf", classOf],
        ["classes", serialize({ representatives, statuses })],
      ]);
      return writeSections(target, keyOf(caseKey), sections).catch(() => {});
    },
  };
}

function removeOldest(folder: string): void {
  const now = Date.now();
  const files = readdirSync(folder).map((name) => ({ path: join(folder, name), ...sizeAndTime(join(folder, name)) }));
  let sum = 0;
  for (const { path, size, time } of files.sort((a, b) => b.time - a.time)) {
    if (!/\.(?:index|classes|unpacked|partial)$/.test(path)) continue;
    sum += size;
    if (sum > mostKept || (path.endsWith(".partial") && now - time > abandonedAfter)) rmSync(path, { force: true });
  }
}

function sizeAndTime(path: string): { readonly size: number; readonly time: number } {
  const stats = statSync(path, { throwIfNoEntry: false });
  return { size: stats?.size ?? 0, time: stats?.mtimeMs ?? 0 };
}
