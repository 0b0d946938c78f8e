import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json, seen from the compiled file in out/test/e2e/harness/. */
export const projectRoot = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/[\\/]$/, "");

/** Where scripts/steps/cachedPackage.mjs puts what it installs; both read the same variable. */
export const cacheFolder = process.env.PACKETWALK_CACHE ?? join(projectRoot, ".cache");

/** Screenshots and logs of the tests; git ignores it. */
export const artefactsFolder = join(projectRoot, ".artefacts");
