import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { prioritiesBefore, prioritiesBehind } from "../../../server/src/core/fixes/priorityGap.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";

const question = /^(before|behind) (\d+): (\d+) = (.+)$/;

describe("priorities for new rules", () => {
  const sections = readFileSync(resolve("test/fixtures/fixes/priorities.txt"), "utf8").split(/^=== /m).slice(1);
  for (const section of sections) {
    const [title = "", ...lines] = section.trimEnd().split("\n");
    it(title, () => {
      const dump = lines.filter((line) => !question.test(line)).join("\n");
      const state = mergeNode("node", [readTranscript("node.txt", `$ ip rule\n${dump}\n`)]);
      for (const line of lines) {
        const [, where, number, count, wanted] = question.exec(line) ?? [];
        if (where === undefined) continue;
        const rule = state.families[4].rules?.find(({ priority }) => priority === Number(number));
        assert.ok(rule, line);
        const choose = where === "before" ? prioritiesBefore : prioritiesBehind;
        const chosen = choose(state, rule, Number(count));
        assert.equal(chosen?.priorities.join(" ") ?? "none", wanted, line);
        if (chosen) assert.match(chosen.why, /^.+\.$/);
      }
    });
  }
});
