import type { Connection } from "vscode-languageserver";
import type { Progress } from "./largeFiles.js";

/**
 * Shows in the client that something takes long, with a way to stop it.
 *
 * @param isShown whether the client can show it; else it is done in silence
 */
export async function startProgress(connection: Connection, title: string, isShown: boolean): Promise<Progress> {
  const controller = new AbortController();
  if (!isShown) return { report: () => {}, done: () => {}, signal: controller.signal };
  const progress = await connection.window.createWorkDoneProgress();
  progress.begin(title, 0, undefined, true);
  progress.token.onCancellationRequested(() => controller.abort());
  let told = 0;
  return {
    report(fraction) {
      const percent = Math.floor(fraction * 100);
      if (percent > told) progress.report(percent);
      told = Math.max(told, percent);
    },
    done: () => progress.done(),
    signal: controller.signal,
  };
}
