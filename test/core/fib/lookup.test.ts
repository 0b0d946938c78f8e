import assert from "node:assert/strict";
import { answerDrawn, drawnLookups, drawnNode } from "./drawnLookups.js";

describe("The look-up", () => {
  for (const { file, cases } of drawnLookups()) {
    describe(`as drawn in test/fixtures/fib/${file}`, () => {
      for (const { name, dumps, questions } of cases) {
        it(name, () => {
          const state = drawnNode(dumps);
          const drawn = questions.map(({ words, expected }) => `> ${words}\n${expected}`);
          const answered = questions.map(({ words }) => `> ${words}\n${answerDrawn(state, words)}`);
          assert.equal(answered.join("\n"), drawn.join("\n"));
        });
      }
    });
  }
});
