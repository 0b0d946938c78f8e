/** Work that is done a step at a time, each up to the next `yield`, so that whoever does it may stop, or do something else in between. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all steps at once. */
export function allSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
