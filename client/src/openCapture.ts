import { commands, Uri, window } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  type OpenCaptureParams,
  type OpenPathArguments,
  openCaptureMethod,
  openPanelCommand,
} from "../../server/src/lsp/protocol.js";

/** Command that reads a capture of any size into the panel. */
export const openCaptureCommand = "packetwalk.openCapture";

/** Endings of captures, packed or not; `log.gz` ends as `gz`. */
const endings = ["log", "txt", "json", "jsonl", "ndjson", "gz", "zst", "cilium-monitor"];

async function pickCapture(): Promise<Uri | undefined> {
  const picked = await window.showOpenDialog({
    openLabel: "Open Capture",
    title: "Open a capture of any size",
    filters: { Captures: endings, "All files": ["*"] },
  });
  return picked?.[0];
}

/**
 * Has the server read a capture of any size, without an editor for it, and shows its packets in the panel.
 *
 * @param target the file; one that the user picks, unless told
 */
export async function openCapture(client: BaseLanguageClient, target: unknown): Promise<void> {
  const uri = target instanceof Uri ? target : await pickCapture();
  if (uri === undefined) return;
  const params: OpenCaptureParams = { uri: uri.toString() };
  await client.sendRequest(openCaptureMethod, params);
  const shown: OpenPathArguments = { uri: params.uri };
  await commands.executeCommand(openPanelCommand, shown);
}
