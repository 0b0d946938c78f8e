import { open, readdir, stat } from "node:fs/promises";
import { URI } from "vscode-uri";
import type { IndexedCapture } from "../core/large/indexedCapture.js";
import type { FileEntry, OpenCaptureOptions, Runtime } from "../lsp/runtime.js";
import { followCapture } from "./capture/followCapture.js";
import { indexCapture, openCapture } from "./capture/openCapture.js";

/** Files of one folder that are looked at; a folder with more is no case. */
const maximumEntries = 500;

/** Indexes the capture in a local file, or what was added to it since. */
export async function openCaptureFile(
  uri: string,
  { onFirst, before, ...options }: OpenCaptureOptions,
): Promise<IndexedCapture> {
  const path = URI.parse(uri).fsPath;
  const change = before && (await followCapture(path, before, options));
  if (change?.type === "grown") return change.capture;
  return openCapture(path, { ...options, file: uri, onFirst: (first) => onFirst(indexCapture(path, uri, first)) });
}

/** The local file system. Other schemes than `file` are not readable here. */
export const nodeRuntime: Runtime = {
  async listFolder(folderUri) {
    const folder = URI.parse(folderUri);
    if (folder.scheme !== "file") return [];
    const names = await readdir(folder.fsPath).catch(() => []);
    const entries = await Promise.all(
      names.slice(0, maximumEntries).map(async (name): Promise<FileEntry[]> => {
        const uri = URI.file(`${folder.fsPath}/${name}`);
        const stats = await stat(uri.fsPath).catch(() => undefined);
        if (!stats?.isFile()) return [];
        return [{ uri: uri.toString(), size: stats.size, version: `${stats.mtimeMs}-${stats.size}` }];
      }),
    );
    return entries.flat();
  },

  openCapture: openCaptureFile,

  async readText(uri, bytes) {
    try {
      const handle = await open(URI.parse(uri).fsPath, "r");
      try {
        const { size } = await handle.stat();
        const buffer = new Uint8Array(Math.min(size, bytes));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
        return new TextDecoder().decode(buffer.subarray(0, bytesRead));
      } finally {
        await handle.close();
      }
    } catch {
      return undefined;
    }
  },
};
