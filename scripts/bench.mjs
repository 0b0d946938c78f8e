/**
 * `npm run bench [NAME...]`: runs the benchmarks of test/bench, all or those named, one after the other. They print and judge nothing:
 * numbers depend on the machine, so they are for comparing two states of the code on one machine, never for a test.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { prepareBuild } from "./steps/build.mjs";
import { installCachedPackage } from "./steps/cachedPackage.mjs";
import { projectRoot, run } from "./steps/command.mjs";
import { giveUp, say } from "./steps/say.mjs";

const suffix = ".bench.ts";

/** The programs that are measured beside ours; without them, the benchmark says so. */
async function installPeers() {
  try {
    return await installCachedPackage("test/bench/peers", "bench-peers");
  } catch (error) {
    say(`The peers could not be installed: ${error.message}`);
    return "";
  }
}

async function runBenchmarks() {
  const asked = process.argv.slice(2);
  const names = readdirSync(join(projectRoot, "test/bench"))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .filter((name) => asked.length === 0 || asked.includes(name));
  if (names.length === 0) throw new Error(`There is no benchmark ${asked.join(", ")}.`);
  await prepareBuild();
  const env = names.includes("capture") ? { PACKETWALK_PEERS: await installPeers() } : {};
  for (const name of names) {
    say(`Benchmark ${name} ...`);
    // The collector is called between the steps, so that the memory of one is not counted to the next.
    await run(process.execPath, ["--expose-gc", join(projectRoot, `out/test/bench/${name}.bench.js`)], { env });
  }
}

await runBenchmarks().catch((error) => giveUp(error.message));
