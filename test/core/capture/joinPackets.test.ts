import assert from "node:assert/strict";
import { drawnJoins, joinDrawn } from "./drawnJoins.js";

describe("joinPackets", () => {
  for (const drawn of drawnJoins()) {
    it(drawn.title, () => assert.equal(joinDrawn(drawn), drawn.expected));
  }
});
