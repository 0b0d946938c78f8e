import { setTimeout as wait } from "node:timers/promises";

export interface PollOptions {
  /** Milliseconds before giving up; 60 seconds unless told. */
  readonly timeout?: number;
  /** Milliseconds between two looks; 100 unless told. */
  readonly interval?: number;
}

/**
 * Looks again and again until `look` answers something other than undefined, and returns that.
 * Throws when the time is over, naming what was waited for and the last error that `look` threw.
 */
export async function poll<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { timeout = 60_000, interval = 100 }: PollOptions = {},
): Promise<T> {
  const end = Date.now() + timeout;
  let lastError: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      lastError = error;
    }
    await wait(interval);
  } while (Date.now() < end);
  throw new Error(`Waited ${timeout / 1000} s in vain for ${what}.`, { cause: lastError });
}
