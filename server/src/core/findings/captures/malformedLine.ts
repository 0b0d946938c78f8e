import type { CaseNode } from "../../case/case.js";
import type { Finding, FindingKind } from "../finding.js";

/** A line that should be an event, a rule or a route and can't be read. */
export const malformedLine: FindingKind = {
  code: "malformed-line",
  defaultSeverity: "information",
  meaning:
    "A line that should be an event, a rule or a route can't be read; names the place where reading stopped. The rest is used.",
  silentWhen: ["The line is prose, a remark, a prompt, or output of another command."],
  example: `{"cpu":"CPU 01:","type":"trace","mark":"0x0","ifin`,
  check: (node: CaseNode): Finding[] =>
    node.files
      .flatMap(({ problems }) => problems)
      .map(({ place, message }) => ({
        code: "malformed-line",
        severity: "information",
        confidence: "confirmed",
        place,
        message,
        related: [],
        data: { code: "malformed-line" },
      })),
};
