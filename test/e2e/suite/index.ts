import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import Mocha from "mocha";
import LayerReporter from "../../layerReporter.js";

/** Marks the lines of the test report among everything else that an extension host prints. */
const reportMark = "[mocha]";

/**
 * Runs all tests of this folder; VS Code calls it inside the extension host, be it a desktop's or a server's.
 * PACKETWALK_RESULTS names the file for the counts, PACKETWALK_GREP selects tests by their title.
 * Rejects when a test failed.
 */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (message?: unknown, ...values: unknown[]) => {
    for (const line of format(message ?? "", ...values).split("\n")) console.log(reportMark, line);
  };
  const mocha = new Mocha({
    color: false,
    timeout: 120_000,
    reporter: LayerReporter as unknown as Mocha.ReporterConstructor,
    reporterOptions: { output: process.env.PACKETWALK_RESULTS },
    ...(process.env.PACKETWALK_GREP === undefined ? {} : { grep: process.env.PACKETWALK_GREP }),
  });
  const folder = fileURLToPath(new URL(".", import.meta.url));
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith(".test.js")) mocha.addFile(join(folder, file));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} of the tests in the extension host failed.`);
}
