/**
 * Compiles the scanner of server/src/scanner/assembly to WebAssembly, and keeps it as a module of TypeScript, so that bundles and tests hold it
 * without a file beside them. Compiles only if a source, this script or the compiler changed since.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc, { version } from "assemblyscript/asc";

const folder = new URL("../server/src/scanner/", import.meta.url);
const target = new URL("scannerCode.generated.ts", folder);

const sources = new Map(
  readdirSync(new URL("assembly/", folder))
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => [name, readFileSync(new URL(`assembly/${name}`, folder), "utf8")]),
);

/** Tells one state of all that the result depends on from another. */
const key = createHash("sha256")
  .update(JSON.stringify([version, [...sources], readFileSync(fileURLToPath(import.meta.url), "utf8")]))
  .digest("hex");
const head = `// Compiled from assembly/*.ts with scripts/buildScanner.mjs; do not edit. State of the sources: ${key}\n`;

function isCurrent() {
  try {
    return readFileSync(target, "utf8").startsWith(head);
  } catch {
    return false;
  }
}

/** Most characters of a literal (assembly/literal.ts). */
const mostCharacters = 32;

/** The bytes of a literal as the scanner compares them, for a constant of the compiler. */
function literalBytes(quoted) {
  const text = JSON.parse(`"${quoted.slice(1, -1).replaceAll(/(?<!\\)"/g, '\\"')}"`);
  if (text.length > mostCharacters) throw new Error(`The literal ${quoted} is too long.`);
  const bytes = Buffer.alloc(2 * mostCharacters + 4);
  bytes.write(text, "ascii");
  bytes.fill(0xff, mostCharacters, mostCharacters + text.length);
  bytes.writeUInt32LE(text.length, 2 * mostCharacters);
  return `memory.data<u8>([${[...bytes]}], 16)`;
}

/** Puts bytes in the place of all literals. */
function expandLiterals(source) {
  return source.replaceAll(/\bliteral\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)/g, (_, quoted) => literalBytes(quoted));
}

const options = [
  "-O3",
  "--converge",
  "--noAssert",
  // Nothing is allocated, so nothing need be collected.
  ...["--runtime", "stub"],
  ...["--enable", "simd", "--enable", "bulk-memory"],
  // v128 crosses no border but those between the sources.
  ...["--disableWarning", "112"],
];

async function compile() {
  let code;
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "scanner.wasm", ...options], {
    readFile: (name) => (sources.has(name) ? expandLiterals(sources.get(name)) : null),
    writeFile: (name, contents) => {
      if (name === "scanner.wasm") code = contents;
    },
    listFiles: () => [],
  });
  if (error || code === undefined) throw new Error(`The scanner could not be compiled.\n${stderr.toString()}`);
  return code;
}

if (!isCurrent()) {
  const text = Buffer.from(await compile()).toString("base64");
  writeFileSync(target, `${head}export const scannerCode =\n  "${text}";\n`);
}
