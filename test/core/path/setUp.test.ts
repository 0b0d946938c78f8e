import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { explainFacts } from "../../../server/src/core/explain/packet/explainFacts.js";
import { playCapture } from "../../generate/playCapture.js";
import { readScenarios } from "../../generate/scenario.js";
import { nodeOf } from "./recovered.js";

describe("what is known of a node's set-up", () => {
  for (const scenario of readScenarios(readFileSync(resolve("test/fixtures/path/setUp.txt"), "utf8"))) {
    it(scenario.title, () => {
      const node = nodeOf(scenario, playCapture(scenario, "a", { seed: 1 }));
      const { facts, evidence } = node.context;
      const told = Object.fromEntries<unknown>(evidence.map(({ fact, value }) => [fact, value ?? "open"]));
      assert.deepEqual(told, { ...scenario.facts.get("a") });
      for (const [fact, value] of Object.entries(facts)) assert.equal(value, told[fact as keyof typeof told], fact);
      const titles = explainFacts(node).map(({ title }) => title.split(":")[0]);
      assert.deepEqual(titles, [...new Set(titles)], "each side is told once");
    });
  }
});
