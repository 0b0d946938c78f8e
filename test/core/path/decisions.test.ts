import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { explainDecision } from "../../../server/src/core/explain/routing/explainDecision.js";
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
  it("say which rules an answer passes by for what is known of the fwmark", () => {
    const [scenario] = readScenarios(`=== the proxy's rules, and a table that nobody dumped
a| 9: from all fwmark 0x200/0xf00 lookup 2004
a| 10: from all fwmark 0xa00/0xf00 lookup 2005
a| 32766: from all lookup main
a| $ ip route show table 2004
a| local default dev lo
--- tcp 10.1.0.5:40000 > 198.51.100.7:443 SYN
a to-stack => insufficient-information
`);
    assert.ok(scenario);
    const [trace] = walkCapture(scenario, playCapture(scenario, "a", { seed: 1 }));
    const step = trace?.hops.flatMap(({ steps }) => steps).find(({ type }) => type === "routed");
    assert.match(
      step?.type === "routed" ? explainDecision(step.decision) : "",
      /main.* are 0xf00, 0 or 0xe00, as to-stack leaves them, where rule 9 asks for fwmark & 0xf00 = 0x200, and rule 10 for fwmark & 0xf00 = 0xa00\./,
    );
  });

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
