import { stopSharedHosts } from "./sharedHosts.js";
import { openWorkbenches, screenshot } from "./workbench.js";

/** Mocha loads this with --require: it keeps a picture of what a failed test saw, and ends what the tests have started. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== "failed") return;
    const name = test.fullTitle().replaceAll(/\W+/g, "-").slice(0, 100);
    for (const workbench of openWorkbenches)
      console.log(`      picture: ${await screenshot(workbench, `failed-${name}`)}`);
  },
  async afterAll(): Promise<void> {
    await stopSharedHosts();
  },
};
