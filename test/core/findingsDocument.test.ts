import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { findingsDocument } from "../../server/src/core/findings/findingsDocument.js";

describe("FINDINGS.md", () => {
  it("is what the registry says; if not, run: node scripts/generateFindings.mjs", () => {
    assert.equal(readFileSync("FINDINGS.md", "utf8"), findingsDocument());
  });
});
