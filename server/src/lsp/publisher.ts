import type { Connection, Diagnostic } from "vscode-languageserver";
import { folderOf } from "../core/index.js";
import { type AnalysedCase, type CaseStore, Superseded } from "./caseStore.js";
import { diagnosticsByFile } from "./features/diagnostics.js";
import type { LargeFiles } from "./largeFiles.js";
import { type ChangedParams, changedMethod, eventsScheme } from "./protocol.js";
import { sameValue } from "./sameValue.js";

export interface PublisherParts {
  readonly connection: Connection;
  readonly store: CaseStore;
  readonly largeFiles: LargeFiles;
  /** Whether the client can show findings' pages. */
  readonly hasPages: () => boolean;
}

/** Has cases analysed when something of them changes, and tells the client what is found. */
export interface Publisher {
  /** Something about a file has changed: its case is analysed once it rests for some milliseconds. */
  schedule(uri: string, milliseconds: number): void;
}

export function createPublisher({ connection, store, largeFiles, hasPages }: PublisherParts): Publisher {
  /** What the client was told of the files of each folder. */
  const published = new Map<string, ReadonlyMap<string, readonly Diagnostic[]>>();
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** Tells of a case what the client was not told before, and takes back what is said of files that no longer belong to it. */
  async function tell(analysed: AnalysedCase): Promise<void> {
    const { folder, files } = analysed;
    const before = published.get(folder) ?? new Map<string, readonly Diagnostic[]>();
    const byFile = diagnosticsByFile(analysed, hasPages());
    published.set(folder, byFile);
    const gone = [...before.keys()].filter((uri) => !byFile.has(uri));
    for (const uri of gone) await connection.sendDiagnostics({ uri, diagnostics: [] });
    for (const [uri, diagnostics] of byFile) {
      if (!sameValue(before.get(uri), diagnostics)) await connection.sendDiagnostics({ uri, diagnostics });
    }
    const changed: ChangedParams = { uris: [...files.keys(), ...largeFiles.inFolder(folder)] };
    await connection.sendNotification(changedMethod, changed);
  }

  /** Publishes the findings of a case, and those that the cases beside it have in common with it. */
  async function publish(uri: string): Promise<void> {
    // What changes meanwhile is published by itself.
    const analysed = await store.caseOf(uri, () => false);
    await tell(analysed);
    for (const folder of store.foldersBeside(analysed.folder)) {
      const beside = store.knownCase(`${folder}/`);
      if (beside) await tell(beside);
    }
  }

  return {
    schedule(uri, milliseconds) {
      store.invalidate(uri);
      if (uri.startsWith(`${eventsScheme}:`)) return;
      const folder = folderOf(uri);
      clearTimeout(waiting.get(folder));
      waiting.set(
        folder,
        setTimeout(() => {
          waiting.delete(folder);
          publish(uri).catch((error: unknown) => {
            if (!(error instanceof Superseded)) connection.console.error(String(error));
          });
        }, milliseconds),
      );
    },
  };
}
