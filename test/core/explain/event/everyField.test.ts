import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { explainEventField } from "../../../../server/src/core/explain/event/explainEventField.js";
import type { MonitorEvent } from "../../../../server/src/core/monitor/event.js";
import { readCapture } from "../../../../server/src/core/monitor/readCapture.js";

interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const folder = resolve("server/src/core/monitor/schema");
const schemas = new Map(
  readdirSync(folder).map((name) => {
    const schema = JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as Schema;
    return [schema.$id ?? name, schema];
  }),
);

/** What a `$ref` within the schema `id` leads to, and the schema that it lies in. */
function resolved(schema: Schema, id: string): { readonly schema: Schema; readonly id: string } {
  if (schema.$ref === undefined) return { schema, id };
  const [name = "", pointer] = schema.$ref.split("#");
  const target = name === "" ? id : name;
  const within = schemas.get(target) ?? {};
  return { schema: pointer ? (within.$defs?.[pointer.replace("/$defs/", "")] ?? {}) : within, id: target };
}

/** The paths of all values that a schema names; list elements have the number 0. A tunnel's layers are those of the packet. */
function pathsOf(reference: Schema, from: string, path: readonly (string | number)[] = []): (string | number)[][] {
  const { schema, id } = resolved(reference, from);
  if (path.includes("tunnel") && path.at(-1) === "tunnel" && path.length > 2) return [];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => pathsOf(value, id, [...path, key]));
  const elements = schema.items ? pathsOf(schema.items, id, [...path, 0]) : [];
  return [...(path.length > 0 ? [[...path]] : []), ...inner, ...elements];
}

/** A message of each schema. */
const examples: Readonly<Record<string, string>> = {
  trace: '{"type":"trace","observationPoint":"to-stack","state":"new"}',
  drop: '{"type":"drop","reason":"Policy denied"}',
  debug: '{"type":"debug","message":"Going to host, policy-skip=0"}',
  capture: '{"type":"capture","message":"Delivery to ifindex 0"}',
  agent: '{"type":"agent","subtype":"Message","message":{}}',
  logRecord: '{"type":"logRecord"}',
  hubble: '{"flow":{"verdict":"FORWARDED","event_type":{"type":4,"sub_type":3}}}',
  hubbleFlow: '{"verdict":"FORWARDED","event_type":{"type":4,"sub_type":3}}',
  pwru: '{"skb":"0xffff9a8b12345678","func":"ip_rcv"}',
};

describe("every field of every JSON message", () => {
  for (const [id, schema] of schemas) {
    if (id === "common") continue;
    it(`${id} is explained`, () => {
      const [event] = readCapture("f", examples[id] ?? "").events as readonly [MonitorEvent];
      assert.ok(event, `there is no example of ${id}`);
      const paths = pathsOf(schema, id);
      assert.ok(paths.length > 1);
      const unknown = paths.filter((path) =>
        explainEventField(event, { path }).sentences.some((sentence) =>
          /^No version of .* (?:has this field|here has this)|not known here/.test(sentence),
        ),
      );
      assert.deepEqual(
        unknown.map((path) => path.join(".")),
        [],
      );
    });
  }
});
