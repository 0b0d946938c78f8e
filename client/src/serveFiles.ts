import { Disposable, FileType, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  type ListFolderParams,
  type ListFolderResult,
  listFolderMethod,
  type ReadTextParams,
  type ReadTextResult,
  readTextMethod,
} from "../../server/src/lsp/protocol.js";

/** Files of one folder that are looked at; a folder with more is no case. */
const maximumEntries = 500;

/** Files that are larger are not fetched to look into them: the editor can only read a file as a whole. */
const maximumSize = 20 * 1024 * 1024;

async function listFolder({ folderUri }: ListFolderParams): Promise<ListFolderResult> {
  const folder = Uri.parse(folderUri, true);
  const names = (await workspace.fs.readDirectory(folder))
    .filter(([, type]) => (type & FileType.File) !== 0)
    .map(([name]) => name)
    .slice(0, maximumEntries);
  return Promise.all(
    names.map(async (name) => {
      const uri = Uri.joinPath(folder, name);
      const { size, mtime } = await workspace.fs.stat(uri);
      return { uri: uri.toString(), size, version: `${mtime}-${size}` };
    }),
  );
}

async function readText({ uri, bytes }: ReadTextParams): Promise<ReadTextResult> {
  const file = Uri.parse(uri, true);
  if ((await workspace.fs.stat(file)).size > maximumSize) return null;
  return new TextDecoder().decode((await workspace.fs.readFile(file)).subarray(0, bytes));
}

/** Reads files for the server where it can't: in a browser, an archive, a repository that was never checked out. */
export function serveFiles(client: BaseLanguageClient): Disposable {
  return Disposable.from(
    client.onRequest(listFolderMethod, (params: ListFolderParams) => listFolder(params).catch(() => [])),
    client.onRequest(readTextMethod, (params: ReadTextParams) => readText(params).catch(() => null)),
  );
}
