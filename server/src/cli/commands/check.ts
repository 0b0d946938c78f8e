import { type Analysis, analyse, type Severity, severities } from "../../core/index.js";
import { findingJson } from "../findingJson.js";
import { findingText } from "../findingText.js";
import { SourceMap } from "../output.js";
import { readPaths } from "../readPaths.js";

export interface CheckOptions {
  readonly format: "text" | "json";
  readonly failOn: Severity | "never";
}

/** 1 if a finding is at or above the level, else 0. */
export function exitCode({ nodes }: Analysis, failOn: CheckOptions["failOn"]): 0 | 1 {
  if (failOn === "never") return 0;
  const limit = severities.indexOf(failOn);
  return nodes.some(({ findings }) => findings.some(({ finding }) => severities.indexOf(finding.severity) <= limit))
    ? 1
    : 0;
}

/** `packetwalk check PATH...`: the findings. Returns the exit code. */
export async function check(
  paths: readonly string[],
  { format, failOn }: CheckOptions,
  print: (line: string) => void,
): Promise<number> {
  const files = await readPaths(paths);
  const analysis = analyse(files);
  const sources = new SourceMap(files);
  const all = analysis.nodes.flatMap((node) => node.findings.map((analysed) => ({ node, analysed })));
  if (format === "json") {
    const findings = all.map(({ node, analysed }) => findingJson(node, analysed, sources));
    const nodes = analysis.nodes.map(({ node }) => ({ name: node.name, files: node.files.map(({ file }) => file) }));
    print(JSON.stringify({ version: 1, nodes, findings }, null, 2));
    return exitCode(analysis, failOn);
  }
  for (const { analysed } of all) {
    for (const line of findingText(analysed, sources)) print(line);
    print("");
  }
  const counts = severities
    .map((severity) => ({
      severity,
      count: all.filter(({ analysed }) => analysed.finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 || severity === "information" ? "" : "s"}`);
  print(
    counts.length > 0 ? `${counts.join(", ")} in ${files.length} files.` : `Nothing found in ${files.length} files.`,
  );
  return exitCode(analysis, failOn);
}
