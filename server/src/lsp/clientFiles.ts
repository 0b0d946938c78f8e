import type { Connection } from "vscode-languageserver";
import {
  type ListFolderParams,
  type ListFolderResult,
  listFolderMethod,
  type ReadTextParams,
  type ReadTextResult,
  readTextMethod,
} from "./protocol.js";
import type { Runtime } from "./runtime.js";

/**
 * Files as the client reads them: those of a browser, of an archive, of a repository that was never checked out. A client that does not know
 * these requests has no such files.
 */
export function clientFiles(connection: Connection): Runtime {
  return {
    async listFolder(folderUri) {
      const params: ListFolderParams = { folderUri };
      return connection.sendRequest<ListFolderResult>(listFolderMethod, params).catch(() => []);
    },
    async readText(uri, bytes) {
      const params: ReadTextParams = { uri, bytes };
      const text = await connection.sendRequest<ReadTextResult>(readTextMethod, params).catch(() => null);
      return text ?? undefined;
    },
  };
}
