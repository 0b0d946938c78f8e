import { type Analysis, type Levels, type Severity, severities } from "../../core/index.js";
import { analysePaths } from "../analysePaths.js";
import { findingJson } from "../findingJson.js";
import { findingText } from "../findingText.js";
import type { OpenOptions } from "../openPaths.js";
import { htmlReport } from "../report/html.js";
import { markdownReport } from "../report/markdown.js";
import { limitsOf, makeReport, type Report, summary } from "../report/report.js";
import { sarifLog } from "../report/sarif.js";

export const checkFormats = ["text", "json", "sarif", "markdown", "html"] as const;

export interface CheckOptions extends OpenOptions {
  readonly format: (typeof checkFormats)[number];
  readonly failOn: Severity | "never";
  /** By code. */
  readonly level?: Levels;
}

/** 1 if a finding is at or above the level, else 0. */
export function exitCode({ nodes }: Analysis, failOn: CheckOptions["failOn"]): 0 | 1 {
  if (failOn === "never") return 0;
  const limit = severities.indexOf(failOn);
  return nodes.some(({ findings }) => findings.some(({ finding }) => severities.indexOf(finding.severity) <= limit))
    ? 1
    : 0;
}

function textReport(report: Report): string {
  const blocks = report.findings.map(({ analysed }) => [...findingText(analysed, report.sources), ""].join("\n"));
  return [...blocks, summary(report, severities)].join("\n");
}

function jsonReport(report: Report): string {
  const { analysis, findings, sources } = report;
  const nodes = analysis.nodes.map(({ node }) => ({ name: node.name, files: node.files.map(({ file }) => file) }));
  const list = findings.map(({ node, analysed }) => findingJson(node, analysed, sources));
  const limits = limitsOf(report);
  return JSON.stringify({ version: 1, nodes, findings: list, ...(limits.length > 0 && { limits }) }, null, 2);
}

const writers: Readonly<Record<CheckOptions["format"], (report: Report, version: string) => string>> = {
  text: textReport,
  json: jsonReport,
  sarif: (report, version) => JSON.stringify(sarifLog(report, version), null, 2),
  markdown: markdownReport,
  html: htmlReport,
};

/** `packetwalk check PATH...`: the findings. Returns the exit code. */
export async function check(
  paths: readonly string[],
  { format, failOn, level, ...options }: CheckOptions,
  version: string,
  print: (line: string) => void,
): Promise<number> {
  const { analysis, files, sources, close } = await analysePaths(paths, {
    ...options,
    ...(level && { levels: level }),
  });
  print(writers[format](makeReport(analysis, files, sources), version));
  await close();
  return exitCode(analysis, failOn);
}
