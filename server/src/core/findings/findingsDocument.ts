import type { FindingKind } from "./finding.js";
import { findingKinds } from "./registry.js";

function section({ code, defaultSeverity, meaning, silentWhen, noFix, example }: FindingKind): string {
  return [
    `## ${code}`,
    "",
    `Default level: ${defaultSeverity}.`,
    "",
    meaning,
    "",
    "Stays silent when:",
    "",
    ...silentWhen.map((when) => `- ${when}`),
    "",
    ...(noFix === undefined ? [] : [`No fix: ${noFix}`, ""]),
    "Example:",
    "",
    "```",
    example,
    "```",
  ].join("\n");
}

/** The text of FINDINGS.md: every kind of finding with its level, meaning, silence and example. */
export function findingsDocument(): string {
  const introduction = [
    "# Findings",
    "",
    "Every finding has a stable code. Generated from `server/src/core/findings`; do not edit.",
    "",
    "A finding says how far its evidence carries: *confirmed* by the dumps, *likely*, or *conditional* on what its message names.",
    "What is less than likely is never more than an information.",
    "A warning on a node that works as it should is a bug: please report it with the dump.",
    "",
    "Levels are set by code: in the editor by the setting `packetwalk.levels`, on the command line by `--level CODE=off` (or `hint`, `information`,",
    "`warning`, `error`). A line `# packetwalk: ignore CODE` (or `// packetwalk: ignore CODE`) in a dump, a transcript or a log silences the finding",
    "on the next line; without a code, all findings there; `# packetwalk: ignore-file CODE` in the whole file.",
  ].join("\n");
  return `${[introduction, ...findingKinds.map(section)].join("\n\n")}\n`;
}
