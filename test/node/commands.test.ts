import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../server/src/cli/commands/check.js";
import { conversations } from "../../server/src/cli/commands/conversations.js";
import { decode } from "../../server/src/cli/commands/decode.js";
import { fix } from "../../server/src/cli/commands/fix.js";
import { packets, path } from "../../server/src/cli/commands/paths.js";
import { parsePrefix } from "../../server/src/core/index.js";
import { usualRecipe } from "../bench/capture/madeCapture.js";
import { writeNode } from "../bench/capture/writeCapture.js";

/** What a verb prints, as one text. */
async function printed(verb: (print: (line: string) => void) => Promise<number>): Promise<string> {
  const lines: string[] = [];
  const code = await verb((line) => lines.push(line));
  return [...lines, `exit code ${code}`].join("\n");
}

describe("the command line on captures that are indexed", function () {
  this.timeout(180_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-commands-"));
    mkdirSync(join(folder, "second"));
    writeNode(folder, 1.5e6, { ...usualRecipe, seed: 21, astray: 0.06 });
    writeNode(join(folder, "second"), 1e6, { ...usualRecipe, seed: 22, losses: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const src = parsePrefix("198.51.100.0/26");
  type Verb = (print: (line: string) => void, options: { largeFrom: number }) => Promise<number>;
  const verbs: Readonly<Record<string, Verb>> = {
    check: (print, options) =>
      check([folder], { format: "text", failOn: "warning", level: {}, ...options }, "1", print),
    "check --json": (print, options) =>
      check([folder], { format: "json", failOn: "never", level: {}, ...options }, "1", print),
    fix: (print, options) => fix([folder], { format: "text", ...options }, print),
    flows: (print, options) => conversations([folder], {}, "text", print, options),
    "flows --json --src": (print, options) => conversations([folder], { ...(src && { src }) }, "json", print, options),
    "flows --packets": (print, options) => packets([folder], {}, "text", print, options),
    "flows --packets --json --broken": (print, options) => packets([folder], { broken: true }, "json", print, options),
    "flows --packets --src --port": (print, options) =>
      packets([folder], { ...(src && { src }), port: 443 }, "text", print, options),
    "path --packet": (print, options) => path([folder], { packet: 3 }, "text", print, options),
    "path --json --src": (print, options) => path([folder], src ? { src } : {}, "json", print, options),
  };
  for (const [name, verb] of Object.entries(verbs)) {
    it(`${name} prints what it prints when they are read whole`, async () => {
      const whole = await printed((print) => verb(print, { largeFrom: Number.POSITIVE_INFINITY }));
      const indexed = await printed((print) => verb(print, { largeFrom: 1000 }));
      assert.deepEqual(indexed.split("\n").slice(0, 4000), whole.split("\n").slice(0, 4000));
      assert.equal(indexed.length, whole.length);
      assert.ok(whole.split("\n").length > 6, whole);
    });
  }

  it("decode names the same lines, however the file is cut", async () => {
    const text = await printed((print) => decode([join(folder, "monitor.log")], "text", print));
    const numbers = [...text.matchAll(/monitor\.log:(\d+): /g)].map(([, line]) => Number(line));
    assert.ok(numbers.length > 1000);
    assert.ok(numbers.every((line, index) => index === 0 || line > (numbers[index - 1] ?? 0)));
  });
});
