import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { default: Ajv } = createRequire(import.meta.url)("ajv") as typeof import("ajv");

const folder = "server/src/cli/schema";
const schemas = readdirSync(folder).map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));

/** All of them together, as some refer to others. */
const ajv = new Ajv({ allErrors: true, strict: false, schemas });

/** Asserts that a value keeps the contract of this name. */
export function assertSchema(name: string, value: unknown): void {
  const validate = ajv.getSchema(`https://packetwalk.dev/schema/${name}.json`);
  assert.ok(validate, `there is no schema ${name}`);
  assert.ok(validate(value), JSON.stringify(validate.errors, null, 2));
}
