import type { TextDocument } from "vscode";
import { eventsScheme, type RecogniseResult } from "../../server/src/lsp/protocol.js";

export type LanguageId = NonNullable<RecogniseResult>;

export const monitorLanguage: LanguageId = "cilium-monitor";
export const dumpLanguage: LanguageId = "iproute2";

/** Our documents, wherever they come from: disk, a remote, an archive, an untitled editor. */
export const documentSelector = [{ language: monitorLanguage }, { language: dumpLanguage }];

/** Whether a document is a file of a case; one that only shows some events of a capture is not. */
export function isPartOfCase(document: TextDocument): boolean {
  return isOurs(document) && document.uri.scheme !== eventsScheme;
}

export function isOurs(document: TextDocument): boolean {
  return document.languageId === monitorLanguage || document.languageId === dumpLanguage;
}
