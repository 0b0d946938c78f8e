import assert from "node:assert/strict";
import { analyse, readFile } from "../../../server/src/core/index.js";
import { healthyNodes } from "./healthyNodes.js";

/** Everything at warning or above that is said about a text. */
function alarms(text: string): string[] {
  return analyse([readFile({ file: "node.txt", text })])
    .nodes.flatMap(({ findings }) => findings.map(({ finding }) => finding))
    .filter(({ severity }) => severity === "error" || severity === "warning")
    .map(({ code, message }) => `${code}: ${message}`);
}

describe("Healthy nodes", () => {
  for (const [name, text] of Object.entries(healthyNodes)) {
    it(`${name}: nothing to warn of`, () => assert.deepEqual(alarms(text), []));
  }

  it("are read whole, so that a fault in one would show", () => {
    for (const [name, text] of Object.entries(healthyNodes)) {
      const broken = text.replace("$ ip rule\n", "$ ip rule\n0: from all lookup 4711\n");
      const withTable = `${broken}$ ip route show table 4711\ndefault via 203.0.113.1 dev eth9\n`;
      assert.notDeepEqual(alarms(withTable), [], name);
    }
  });
});
