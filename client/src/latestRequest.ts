import { CancellationTokenSource } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/**
 * Sends requests of which only the newest answer is wanted: asking again cancels the one before.
 *
 * @returns the answer; `undefined` where another request has taken its place
 */
export function latestRequest<Params, Result>(
  client: BaseLanguageClient,
  method: string,
): (params: Params) => Promise<Result | undefined> {
  let running: CancellationTokenSource | undefined;
  return async (params) => {
    running?.cancel();
    const own = new CancellationTokenSource();
    running = own;
    try {
      const result = await client.sendRequest<Result>(method, params, own.token);
      return own.token.isCancellationRequested ? undefined : result;
    } catch (error) {
      if (own.token.isCancellationRequested) return undefined;
      throw error;
    }
  };
}
