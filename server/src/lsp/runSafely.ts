import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver";

/**
 * Runs a request's handler so that nothing it meets can take the server down: an error is logged and answered with `fallback`.
 *
 * @throws ResponseError where the request was cancelled, which is how the protocol wants it answered
 */
export async function runSafely<T>(
  connection: Connection,
  token: CancellationToken,
  fallback: T,
  handler: () => Promise<T>,
): Promise<T> {
  // Lets a cancellation that is already waiting be read first.
  await new Promise((resolve) => setTimeout(resolve, 0));
  refuseIfCancelled(token);
  const result = await handler().catch((error: unknown) => {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return fallback;
  });
  refuseIfCancelled(token);
  return result;
}

function refuseIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested)
    throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
}
