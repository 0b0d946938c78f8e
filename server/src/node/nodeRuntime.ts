import { readdir, stat } from "node:fs/promises";
import { URI } from "vscode-uri";
import type { IndexedCapture } from "../core/large/indexedCapture.js";
import type { FileEntry, OpenCaptureOptions, Runtime } from "../lsp/runtime.js";
import { followCapture } from "./capture/followCapture.js";
import { indexCapture } from "./capture/openCapture.js";
import { headOfFile, openPacked, packingOfFile } from "./capture/openPacked.js";
import { decodeText } from "./decodeText.js";

/** Files of one folder that are looked at; a folder with more is no case. */
const maximumEntries = 500;

/** Indexes the capture in a local file, which may be packed, or what was added to it since. */
export async function openCaptureFile(
  uri: string,
  { onFirst, before, ...options }: OpenCaptureOptions,
): Promise<IndexedCapture> {
  const path = URI.parse(uri).fsPath;
  const isPacked = packingOfFile(path) !== "none";
  const change = before && !isPacked && (await followCapture(path, before, options));
  if (change && change.type === "grown") return change.capture;
  return openPacked(path, {
    ...options,
    file: uri,
    // The beginning of a packed one comes when it is unpacked, and the rest soon after.
    ...(!isPacked && { onFirst: (first) => onFirst(indexCapture(path, uri, first)) }),
  });
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
      return decodeText(await headOfFile(URI.parse(uri).fsPath, bytes));
    } catch {
      return undefined;
    }
  },
};
