// Writes FINDINGS.md from the registry of findings. Run after a build; a test fails when the file is stale.
import { writeFileSync } from "node:fs";
import { findingsDocument } from "../out/server/src/core/findings/findingsDocument.js";

writeFileSync("FINDINGS.md", findingsDocument());
