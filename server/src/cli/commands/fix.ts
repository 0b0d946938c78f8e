import { type AnalysedFinding, fixScript, type NodeAnalysis } from "../../core/index.js";
import { analysePaths } from "../analysePaths.js";
import { findingJson } from "../findingJson.js";
import type { OpenOptions } from "../openPaths.js";
import type { SourceMap } from "../output.js";
import { verifyFixes } from "../verifyFixes.js";

type Print = (line: string) => void;

export interface FixOptions extends OpenOptions {
  readonly code?: string;
  readonly format: "text" | "json";
  readonly verifyKernel?: true;
}

/** A finding that has fixes, and where. */
export interface Fixable {
  readonly node: NodeAnalysis;
  readonly analysed: AnalysedFinding;
}

function printFixes(all: readonly Fixable[], format: FixOptions["format"], sources: SourceMap, print: Print): void {
  if (format === "json") {
    const findings = all.map(({ node, analysed }) => findingJson(node, analysed, sources));
    print(JSON.stringify({ version: 1, findings }, null, 2));
    return;
  }
  if (all.length === 0) print("There is no fix to offer: nothing found that a simulated change repairs.");
  for (const { analysed } of all) for (const fix of analysed.fixes) print(fixScript(fix));
}

/**
 * `packetwalk fix PATH...`: the fixes there are, each as a script to be reviewed; returns 0 also where there is none. With `verifyKernel` what
 * the kernel says of them; returns 1 where it does not agree.
 */
export async function fix(
  paths: readonly string[],
  { code, format, verifyKernel, ...options }: FixOptions,
  print: Print,
): Promise<number> {
  const { analysis, sources, close } = await analysePaths(paths, options);
  try {
    const all = analysis.nodes
      .flatMap((node) => node.findings.map((analysed): Fixable => ({ node, analysed })))
      .filter(({ analysed: { finding, fixes } }) => (code === undefined || code === finding.code) && fixes.length > 0);
    if (verifyKernel) return await verifyFixes(all, print);
    printFixes(all, format, sources, print);
    return 0;
  } finally {
    await close();
  }
}
