/**
 * Bundles what is shipped, into dist/: the extension, the language server, the command line and the panel's page.
 * `--production` minifies and leaves the source maps out; `--watch` keeps rebuilding.
 */
import { chmodSync } from "node:fs";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";

const { values: options } = parseArgs({ options: { production: { type: "boolean" }, watch: { type: "boolean" } } });

const shared = {
  bundle: true,
  metafile: true,
  minify: options.production === true,
  sourcemap: options.production !== true,
  logLevel: "warning",
};

// The LSP libraries' `main` are UMD modules, whose `require` a bundler cannot follow; their `module` can be bundled.
const node = { ...shared, platform: "node", target: "node20", mainFields: ["module", "main"] };
const browser = { ...shared, platform: "browser", target: "es2023" };

const commandLine = "dist/packetwalk.mjs";

const bundles = [
  {
    ...node,
    entryPoints: ["client/src/node/main.ts"],
    outfile: "dist/extension.cjs",
    format: "cjs",
    external: ["vscode"],
  },
  {
    ...browser,
    entryPoints: ["client/src/browser/main.ts"],
    outfile: "dist/extension.browser.cjs",
    format: "cjs",
    external: ["vscode"],
  },
  {
    ...node,
    entryPoints: ["server/src/node/main.ts"],
    outfile: "dist/server.cjs",
    format: "cjs",
    // Threads are started from a file beside the bundle, which ES modules name by `import.meta.url`.
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  },
  {
    ...node,
    entryPoints: ["server/src/node/capture/scanWorker.ts"],
    outfile: "dist/scanWorker.js",
    format: "esm",
    // Loaded where it is needed only: what is a tenth of it starts sooner.
    external: ["./finishPart.js"],
  },
  { ...node, entryPoints: ["server/src/node/capture/finishPart.ts"], outfile: "dist/finishPart.js", format: "esm" },
  { ...browser, entryPoints: ["server/src/browser/main.ts"], outfile: "dist/server.browser.js", format: "iife" },
  {
    ...node,
    entryPoints: ["server/src/cli/main.ts"],
    outfile: commandLine,
    format: "esm",
    // The CommonJS packages inside an ESM bundle still load Node's own modules with `require`.
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  },
  { ...browser, entryPoints: ["client/src/pathPanel/page/main.ts"], outfile: "dist/page.js", format: "iife" },
  { ...browser, entryPoints: ["client/src/pathPanel/page/page.css"], outfile: "dist/page.css" },
];

function printSizes(results) {
  for (const { metafile } of results) {
    for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
      if (!file.endsWith(".map")) console.log(`${file.padEnd(20)} ${(bytes / 1024).toFixed(1).padStart(8)} KiB`);
    }
  }
}

if (options.watch) {
  const contexts = await Promise.all(bundles.map((bundle) => esbuild.context({ ...bundle, logLevel: "info" })));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  printSizes(await Promise.all(bundles.map((bundle) => esbuild.build(bundle))));
  chmodSync(commandLine, 0o755);
}
