/**
 * Compiles the JSON schemas of the monitor's messages into plain code, so that the core needs neither ajv nor `new Function`
 * (a browser's content security policy forbids the latter). Writes the result only where it differs.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

const monitor = new URL("../server/src/core/monitor/", import.meta.url);
const target = new URL("validators.generated.ts", monitor);

const schemas = readdirSync(new URL("schema/", monitor))
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(`schema/${name}`, monitor), "utf8")));
const messages = schemas.map((schema) => schema.$id).filter((id) => id !== "common");

const ajv = new Ajv.default({
  schemas,
  allErrors: true,
  // What is wrong is said in the project's own words.
  messages: false,
  inlineRefs: false,
  strict: true,
  allowUnionTypes: true,
  code: { source: true, esm: true },
});
const exportName = (id) => `validate${id[0].toUpperCase()}${id.slice(1)}`;
const code = standaloneCode.default(ajv, Object.fromEntries(messages.map((id) => [exportName(id), id])));
if (/\brequire\(|\bnew Function\b|\bimport\b/.test(code))
  throw new Error("The compiled validators are not self-contained.");

const module = `// @ts-nocheck Compiled by ajv from schema/*.json with scripts/buildValidators.mjs; do not edit.
${code}

export interface ValidationError {
  /** JSON pointer to the value that does not fit. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (data: unknown): boolean;
  /** What the last call found; null where all fitted. */
  readonly errors?: readonly ValidationError[] | null;
}

export const validators: Readonly<Record<${messages.map((id) => `"${id}"`).join(" | ")}, Validator>> = {
${messages.map((id) => `  ${id}: ${exportName(id)} as Validator,`).join("\n")}
};
`;

const current = () => {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return undefined;
  }
};
if (current() !== module) writeFileSync(target, module);
