import { type QuickPickItem, window, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  type CaptureScriptParams,
  type CaptureScriptResult,
  captureScriptMethod,
} from "../../server/src/lsp/protocol.js";

/** Where the script is to run; the name is asked for behind the choice. */
interface Place extends QuickPickItem {
  readonly name?: "node" | "pod";
}

const places: readonly Place[] = [
  { label: "On the node itself", detail: "In a shell of the node, as root" },
  { label: "By kubectl, for a node", detail: "From wherever kubectl reaches the cluster", name: "node" },
  { label: "By kubectl, for an agent's pod", detail: "The pod of Cilium's agent on the node", name: "pod" },
];

/** A name of Kubernetes (RFC 1123 subdomain). */
const kubernetesName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Asks where to capture; undefined where the user left. */
async function askTarget(): Promise<CaptureScriptParams | undefined> {
  const place = await window.showQuickPick(places, { placeHolder: "Where will the script run?" });
  if (place?.name === undefined) return place && {};
  const value = await window.showInputBox({
    prompt: place.name === "node" ? "Name of the node" : "Name of the agent's pod",
    validateInput: (text) => (kubernetesName.test(text) ? undefined : "No name that Kubernetes would take."),
  });
  return value === undefined ? undefined : { [place.name]: value };
}

/** *Packetwalk: Write a Capture Script*: opens a script that captures what Packetwalk reads. Nothing is run or saved. */
export async function writeCaptureScript(client: BaseLanguageClient): Promise<void> {
  const target = await askTarget();
  if (target === undefined) return;
  const content = await client.sendRequest<CaptureScriptResult>(captureScriptMethod, target);
  await window.showTextDocument(await workspace.openTextDocument({ language: "shellscript", content }));
}
