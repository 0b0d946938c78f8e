import assert from "node:assert/strict";
import { analyse } from "../../../../server/src/core/analyse.js";
import { readFile } from "../../../../server/src/core/case/readFile.js";
import { missingEvidence } from "../../../../server/src/core/explain/packet/explainCase.js";

const dump = "$ ip rule\n0: from all lookup local\n100: from 192.0.2.7 lookup 200\n32766: from all lookup main\n";
const capture = [
  '{"cpu":"CPU 00:","type":"trace","mark":"0x0","ifindex":"0","state":"new","observationPoint":"to-stack","source":7,"bytes":60,"srcLabel":0,"dstLabel":0,"dstID":0}',
  "CPU 01: Lost 3 events",
].join("\n");

describe("missingEvidence", () => {
  for (const [what, text, words] of [
    ["a table that was not dumped", dump, /table 200/],
    ["a capture that lost events", capture, /does not show every event/],
  ] as const) {
    it(`tells of ${what}, unless a finding does beside it`, () => {
      const [analysis] = analyse([readFile({ file: "node.txt", text })]).nodes;
      assert.ok(analysis);
      assert.match(missingEvidence(analysis).join("\n"), words);
      const told = analysis.findings.map(({ finding }) => finding);
      assert.doesNotMatch(missingEvidence(analysis, told).join("\n"), words);
    });
  }
});
