import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Decision } from "../../../server/src/core/fib/decision.js";
import type { Trace } from "../../../server/src/core/path/trace.js";
import { playCapture } from "../../generate/playCapture.js";
import { readScenarios } from "../../generate/scenario.js";
import { tracesOf, walkCapture } from "./recovered.js";

function decisionWords(decision: Decision): string {
  if (decision.type === "branch") return `branch on ${decision.condition}`;
  return decision.rule ? `rule ${decision.rule.priority}` : decision.type;
}

function wordsOf({ hops }: Trace): string {
  return hops
    .flatMap(({ place, steps }) =>
      steps.flatMap((step) => (step.type === "routed" ? `${place}: ${decisionWords(step.decision)}` : [])),
    )
    .join("; ");
}

describe("the kernel's decisions", () => {
  for (const scenario of readScenarios(readFileSync(resolve("test/fixtures/path/decisions.txt"), "utf8"))) {
    it(scenario.title, () => {
      const capture = playCapture(scenario, "a", { seed: 1 });
      const traces = walkCapture(scenario, capture);
      for (const played of capture.walks) {
        assert.deepEqual(tracesOf(traces, played).map(wordsOf), [played.walk.disposition]);
      }
    });
  }
});
