import type { Steps } from "../core/index.js";

/** How long work goes on before requests that wait get their turn, ms. */
const slice = 8;

/** Lets what waits be done: messages are read, requests answered. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Does work in slices, with pauses in between.
 *
 * @param check called after every pause; what it throws ends the work
 */
export async function inSlices<T>(steps: Steps<T>, check: () => void = () => {}): Promise<T> {
  let begin = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - begin < slice) continue;
    await pause();
    check();
    begin = performance.now();
  }
}
