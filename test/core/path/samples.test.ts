import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildCase } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";
import { dispositionWords } from "./recovered.js";

const samples = resolve("../shared/samples");

/** Ends that blame somebody for more than a drop event says itself. No sample holds enough to tell one of them. */
const blames = /^(?:wrong-device|looping|lost-in-kernel|lost-at-proxy)/;

describe("samples", () => {
  before(function () {
    if (existsSync(samples)) return;
    console.log("      no ../shared/samples beside the repository: skipped");
    this.skip();
  });

  it("are walked without a false alarm", () => {
    let walked = 0;
    for (const folder of ["cilium", "incidents"]) {
      for (const name of readdirSync(resolve(samples, folder)).filter((file) => /\.(?:log|txt)$/.test(file))) {
        const text = readFileSync(resolve(samples, folder, name), "utf8");
        for (const { traces } of buildCase([readFile({ file: `sample/${name}`, text })]).nodes) {
          for (const { disposition } of traces) {
            walked++;
            assert.doesNotMatch(dispositionWords(disposition), blames, name);
          }
        }
      }
    }
    assert.ok(walked > 40, `${walked} packets`);
  });
});
