import { readFile as readBytes, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { text as streamText } from "node:stream/consumers";
import { isRecognised, looksLikeCapture, looksLikeDump, type ReadFile, readFile } from "../core/index.js";

/** A path the user gave that can't be used; the message is for them. */
export class UnusablePath extends Error {}

/** The name under which standard input is reported. */
export const standardInput = "<stdin>";

/** How much of a file decides whether a folder's file is of our business. */
const headLength = 16 * 1024;

async function filesIn(folder: string): Promise<string[]> {
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

async function readNamed(path: string): Promise<ReadFile> {
  return readFile({ file: path, text: (await readBytes(path)).toString("utf8") });
}

async function readPath(path: string): Promise<ReadFile[]> {
  if (path === "-") return [readFile({ file: standardInput, text: await streamText(process.stdin) })];
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnusablePath(`${path}: ${error.code === "ENOENT" ? "no such file or folder" : error.message}`);
  });
  if (!stats.isDirectory()) return [await readNamed(path)];
  const found: ReadFile[] = [];
  for (const file of await filesIn(path)) {
    const bytes = await readBytes(file);
    const head = bytes.subarray(0, headLength).toString("utf8");
    if (!looksLikeDump(head) && !looksLikeCapture(head)) continue;
    const read = readFile({ file, text: bytes.toString("utf8") });
    if (isRecognised(read)) found.push(read);
  }
  return found;
}

/**
 * Reads what the user named: files as they are, of folders those that hold something of ours (with their subfolders), `-` for standard input.
 *
 * @throws UnusablePath where a path can't be read or nothing of ours is in any of them
 */
export async function readPaths(paths: readonly string[]): Promise<ReadFile[]> {
  const files: ReadFile[] = [];
  for (const path of paths) {
    try {
      files.push(...(await readPath(path)));
    } catch (error) {
      if (error instanceof UnusablePath) throw error;
      throw new UnusablePath(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (files.length === 0) {
    throw new UnusablePath(`${paths.join(", ")}: no cilium monitor log and no ip rule or ip route dump in there`);
  }
  return files;
}
