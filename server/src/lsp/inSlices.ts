/** How long work goes on before requests that wait get their turn, ms. */
const slice = 8;

/** Lets what waits be done: messages are read, requests answered. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Repeats a step until it is done, with pauses in between.
 *
 * @param step does a little, and answers whether there is more to do
 * @throws the signal's reason, if it is aborted
 */
export async function inSlices(step: () => boolean, signal?: AbortSignal): Promise<void> {
  let begin = performance.now();
  while (step()) {
    if (performance.now() - begin < slice) continue;
    await pause();
    signal?.throwIfAborted();
    begin = performance.now();
  }
}
