import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mayBeOurs } from "../../../client/src/mayBeOurs.js";
import { settingMeanings } from "../../../server/src/core/cilium/settingMeanings.js";
import { looksLikeCapture, looksLikeDump } from "../../../server/src/core/index.js";

const root = new URL("../../../../", import.meta.url);

/** The first lines of every text file of a folder and its folders. */
function headsIn(folder: URL): readonly { readonly name: string; readonly head: string }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:log|txt)$/.test(entry.name))
    .map((entry) => ({
      name: entry.name,
      head: readFileSync(`${entry.parentPath}/${entry.name}`, "utf8").split("\n").slice(0, 100).join("\n"),
    }));
}

/** The gate must not keep from the server what the server would recognise. */
function assertLetThrough(folder: URL): void {
  const recognised = headsIn(folder).filter(({ head }) => looksLikeCapture(head) || looksLikeDump(head));
  assert.notEqual(recognised.length, 0);
  const keptBack = recognised.filter(({ head }) => !mayBeOurs(head)).map(({ name }) => name);
  assert.deepEqual(keptBack, []);
}

describe("the gate before the server", () => {
  it("lets the story through", () => assertLetThrough(new URL("samples/story/", root)));

  it("lets texts of other people through", function () {
    const samples = new URL("../shared/samples/", root);
    if (!existsSync(samples)) {
      console.log("      There are no shared samples beside this checkout.");
      this.skip();
    }
    assertLetThrough(samples);
  });

  it("lets every setting that tells a node's set-up through", () => {
    const keptBack = settingMeanings.filter(({ name, source }) => {
      return !mayBeOurs(source === "status" ? `  ${name}:   Enabled` : `${name}   enabled`) && name !== "Mode";
    });
    assert.deepEqual(keptBack, []);
    for (const version of ["cilium image (running): 1.16.1", "Client: 1.15.0 a368c8f0f34d", 'msg="Cilium 1.14.2"']) {
      assert.ok(mayBeOurs(version), version);
    }
  });

  it("keeps ordinary prose and source back", () => {
    assert.equal(mayBeOurs("Dear reader,\nthis is a letter about the garden.\n"), false);
    assert.equal(mayBeOurs("2026-01-01 12:00:00 INFO started in 3 ms\n2026-01-01 12:00:01 WARN low on disk\n"), false);
    assert.equal(mayBeOurs(""), false);
  });
});
