import { createReadStream } from "node:fs";
import { readFile as readBytes, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  isRecognised,
  looksLikeCapture,
  looksLikeDump,
  looksLikeSettings,
  type ReadFile,
  readFile,
} from "../core/index.js";
import { decodeText } from "../node/decodeText.js";

/** A path the user gave that can't be used; the message is for them. */
export class UnusablePath extends Error {}

/** The name under which standard input is reported. */
export const standardInput = "<stdin>";

/** How much of a file decides whether a folder's file is of our business. */
export const headLength = 16 * 1024;

/** The files in a folder and its subfolders, in the order of their names. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
      .map(async (entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return filesIn(path);
        return entry.isFile() ? [path] : [];
      }),
  );
  return nested.flat();
}

/** What the user knows beyond the files. */
export interface ReadOptions {
  /** The version of Cilium that printed the captures, as a minor number of 1.x. */
  readonly ciliumVersion?: number;
}

async function readPath(path: string, options: ReadOptions): Promise<ReadFile[]> {
  const readText = (file: string, bytes: Uint8Array): ReadFile[] => {
    const read = readFile({ file, text: decodeText(bytes), ...options });
    return isRecognised(read) ? [read] : [];
  };
  if (path === "-") return readText(standardInput, await buffer(process.stdin));
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnusablePath(`${path}: ${error.code === "ENOENT" ? "no such file or folder" : error.message}`);
  });
  if (!stats.isDirectory()) return readText(path, await readBytes(path));
  const found: ReadFile[] = [];
  for (const file of await filesIn(path)) {
    const bytes = await readBytes(file);
    const head = decodeText(bytes.subarray(0, headLength));
    if (!looksLikeDump(head) && !looksLikeCapture(head) && !looksLikeSettings(head)) continue;
    found.push(...readText(file, bytes));
  }
  return found;
}

export function nothingOfOurs(paths: readonly string[]): UnusablePath {
  return new UnusablePath(`${paths.join(", ")}: no cilium monitor log and no ip rule or ip route dump in there`);
}

/**
 * Reads what the user named: files as they are, of folders those that hold something of ours (with their subfolders), `-` for standard input.
 *
 * @throws UnusablePath where a path can't be read or nothing of ours is in any of them
 */
export async function readPaths(paths: readonly string[], options: ReadOptions = {}): Promise<ReadFile[]> {
  const files: ReadFile[] = [];
  for (const path of paths) {
    try {
      files.push(...(await readPath(path, options)));
    } catch (error) {
      if (error instanceof UnusablePath) throw error;
      throw new UnusablePath(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (files.length === 0) throw nothingOfOurs(paths);
  return files;
}

/** A file to be read as it comes. */
export interface ListedPath {
  readonly file: string;
  readonly stream: Readable;
}

/**
 * The files that the user named, opened one after the other as their turn comes: files as they are, of folders those that look like ours, `-` for
 * standard input.
 *
 * @throws UnusablePath where a path can't be read or nothing of ours is in any of them
 */
export async function* listPaths(paths: readonly string[]): AsyncGenerator<ListedPath> {
  let found = 0;
  for (const path of paths) {
    if (path === "-") {
      found++;
      yield { file: standardInput, stream: process.stdin };
      continue;
    }
    const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new UnusablePath(`${path}: ${error.code === "ENOENT" ? "no such file or folder" : error.message}`);
    });
    for (const file of stats.isDirectory() ? await filesIn(path) : [path]) {
      if (stats.isDirectory()) {
        const [head] = await createReadStream(file, { end: headLength }).toArray();
        const text = head === undefined ? "" : String(head);
        if (!looksLikeCapture(text) && !looksLikeDump(text)) continue;
      }
      found++;
      yield { file, stream: createReadStream(file) };
    }
  }
  if (found === 0) throw nothingOfOurs(paths);
}
