import type { TextDocument } from "vscode";
import type { RecogniseResult } from "../../server/src/lsp/protocol.js";

export type LanguageId = NonNullable<RecogniseResult>;

export const monitorLanguage: LanguageId = "cilium-monitor";
export const dumpLanguage: LanguageId = "iproute2";

/** Our documents, wherever they come from: disk, a remote, an archive, an untitled editor. */
export const documentSelector = [{ language: monitorLanguage }, { language: dumpLanguage }];

export function isOurs(document: TextDocument): boolean {
  return document.languageId === monitorLanguage || document.languageId === dumpLanguage;
}
