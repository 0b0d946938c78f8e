import assert from "node:assert/strict";
import type { Explanation } from "../../../../server/src/core/explain/explanation.js";
import { explainRoute } from "../../../../server/src/core/explain/routing/explainRoute.js";
import { explainRule } from "../../../../server/src/core/explain/routing/explainRule.js";
import { toPlainText } from "../../../../server/src/core/explain/toPlainText.js";
import { readTranscript } from "../../../../server/src/core/iproute/readTranscript.js";
import { mergeNode } from "../../../../server/src/core/state/mergeNode.js";
import { drawnCases } from "../../monitor/drawnCases.js";

/** What is said of the rule or route in which the cursor stands. */
function explain(text: string, offset: number): Explanation | undefined {
  const transcript = readTranscript("node.txt", text);
  const state = mergeNode("node", [transcript]);
  const isAt = ({ place }: { place: { start: number; end: number } }) => place.start <= offset && offset <= place.end;
  for (const section of transcript.sections) {
    const rule = section.kind === "rules" ? section.rules.find(isAt) : undefined;
    const route = section.kind === "routes" ? section.routes.find(isAt) : undefined;
    if (rule) return explainRule(rule, state);
    if (route) return explainRoute(route, state);
  }
  return undefined;
}

describe("explainRule and explainRoute", () => {
  for (const { name, input, expected, unwanted } of drawnCases("monitor/rules.txt")) {
    it(name, () => {
      const offset = input.indexOf("‸");
      const explanation = explain(input.replace("‸", ""), offset);
      assert.ok(explanation);
      const said = toPlainText(explanation, Number.POSITIVE_INFINITY);
      for (const words of expected) assert.ok(said.includes(words), `"${words}" is not in:\n${said}`);
      for (const words of unwanted) assert.ok(!said.includes(words), `"${words}" is in:\n${said}`);
    });
  }
});
