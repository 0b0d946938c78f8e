import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { Superseded } from "./caseStore.js";
import { pause } from "./inSlices.js";

/**
 * Runs a request's handler so that nothing it meets can take the server down: an error is logged and answered with `fallback`.
 *
 * @throws ResponseError where the request was cancelled, or a newer edit made it pointless, which is how the protocol wants it answered
 */
export async function runSafely<T>(
  connection: Connection,
  token: CancellationToken,
  fallback: T,
  handler: () => T | Promise<T>,
): Promise<T> {
  // Lets a cancellation that is already waiting be read first.
  await pause();
  refuseIfCancelled(token);
  let result: T;
  try {
    result = await handler();
  } catch (error) {
    if (error instanceof ResponseError) throw error;
    if (error instanceof Superseded)
      throw new ResponseError(LSPErrorCodes.ContentModified, "The document has changed.");
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    result = fallback;
  }
  refuseIfCancelled(token);
  return result;
}

function refuseIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested)
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
}
