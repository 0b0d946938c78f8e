import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const require = createRequire(import.meta.url);

interface MadeImport {
  readonly path: string;
  readonly specifier: string;
  readonly allowed: boolean;
}

const imports: readonly MadeImport[] = [
  { path: "server/src/core/net", specifier: "../iproute/rule.js", allowed: false },
  { path: "server/src/core/monitor", specifier: "../fib/lookup.js", allowed: false },
  { path: "server/src/core/capture", specifier: "../scan/captureScanner.js", allowed: false },
  { path: "server/src/core/scan", specifier: "../path/trace.js", allowed: false },
  { path: "server/src/core/scan", specifier: "../capture/names.js", allowed: true },
  { path: "server/src/core/fib", specifier: "../path/trace.js", allowed: false },
  { path: "server/src/core/findings", specifier: "../explain/explainRule.js", allowed: false },
  { path: "server/src/core/text", specifier: "node:fs", allowed: false },
  { path: "server/src/core/explain", specifier: "vscode-languageserver", allowed: false },
  { path: "server/src/core/explain", specifier: "vscode", allowed: false },
  { path: "server/src/core/path", specifier: "../../lsp/toLsp.js", allowed: false },
  { path: "server/src/lsp/features", specifier: "../../core/fib/lookup.js", allowed: false },
  { path: "server/src/cli", specifier: "../core/iproute/printRule.js", allowed: false },
  { path: "server/src/lsp", specifier: "vscode", allowed: false },
  { path: "client/src", specifier: "../../server/src/core/index.js", allowed: false },
  { path: "client/src", specifier: "../../server/src/lsp/server.js", allowed: false },
  { path: "client/src/pathPanel/page", specifier: "vscode", allowed: false },
  { path: "client/src/pathPanel/page", specifier: "node:path", allowed: false },
  { path: "server/src/core/fib", specifier: "../state/nodeState.js", allowed: true },
  { path: "server/src/core/explain", specifier: "../fixes/fix.js", allowed: true },
  { path: "server/src/lsp/features", specifier: "../../core/index.js", allowed: true },
  { path: "client/src", specifier: "../../server/src/lsp/protocol.js", allowed: true },
];

/** Lints one file for each import in a folder laid out like the project, and answers the indices of those that were refused. */
function refusedImports(): Set<number> {
  const folder = mkdtempSync(join(tmpdir(), "packetwalk-direction-"));
  try {
    copyFileSync("biome.json", join(folder, "biome.json"));
    imports.forEach(({ path, specifier }, index) => {
      mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(
        join(folder, path, `made${index}.ts`),
        `import { x } from "${specifier}";\n\nexport const y = x;\n`,
      );
    });
    const biome = join(dirname(require.resolve("@biomejs/biome/package.json")), "bin/biome");
    const { stdout } = spawnSync(process.execPath, [biome, "lint", "--reporter=github", "--max-diagnostics=none"], {
      cwd: folder,
      encoding: "utf8",
    });
    const lines = stdout.split("\n").filter((line) => line.includes("noRestrictedImports"));
    return new Set(lines.flatMap((line) => [...line.matchAll(/made(\d+)\.ts/g)].map(([, index]) => Number(index))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the direction of dependencies", function () {
  this.timeout(60_000);

  let refused: Set<number>;
  before(() => {
    refused = refusedImports();
  });

  imports.forEach(({ path, specifier, allowed }, index) => {
    it(`${path} ${allowed ? "may" : "may not"} import ${specifier}`, () => assert.equal(refused.has(index), !allowed));
  });

  it("the core compiles without any ambient types: neither process nor document exists there", () => {
    const folder = mkdtempSync(join(tmpdir(), "packetwalk-core-"));
    try {
      const config = {
        extends: resolve("server/src/core/tsconfig.json"),
        compilerOptions: { composite: false, declarationMap: false, noEmit: true, rootDir: "." },
        include: ["*.ts"],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      writeFileSync(join(folder, "made.ts"), "export const x = [process, document, setTimeout];\n");
      const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
      const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
      for (const name of ["process", "document", "setTimeout"])
        assert.match(stdout, new RegExp(`Cannot find name '${name}'`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
