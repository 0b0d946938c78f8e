import { type AnalysedFinding, fixScript, type NodeAnalysis, whyNoFix } from "../../core/index.js";
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
  /** Lists every flow of a proof, however many there are. */
  readonly allEffects?: true;
}

/** A finding that has fixes, and where. */
export interface Fixable {
  readonly node: NodeAnalysis;
  readonly analysed: AnalysedFinding;
}

function printFixes(
  all: readonly Fixable[],
  { format, allEffects }: Pick<FixOptions, "format" | "allEffects">,
  sources: SourceMap,
  print: Print,
): void {
  if (format === "json") {
    const findings = all.map(({ node, analysed }) => findingJson(node, analysed, sources));
    print(JSON.stringify({ version: 1, findings }, null, 2));
    return;
  }
  if (all.length === 0) print("There is no fix to offer: nothing found that a simulated change repairs.");
  for (const { analysed } of all)
    for (const fix of analysed.fixes) print(fixScript(fix, { allEffects: allEffects === true }));
}

/** Why some of what was found has no fix, a line for each code. */
function withoutFix(found: readonly Fixable[]): string[] {
  const codes = new Set(found.map(({ analysed: { finding } }) => finding.code));
  return [...codes].flatMap((code) => {
    const why = whyNoFix(code);
    return why === undefined ? [] : [`${code} has no fix: ${why}`];
  });
}

/**
 * `packetwalk fix PATH...`: the fixes there are, each as a script to be reviewed; returns 0 also where there is none. With `verifyKernel` what
 * the kernel says of them; returns 1 where it does not agree.
 */
export async function fix(
  paths: readonly string[],
  { code, format, verifyKernel, allEffects, ...options }: FixOptions,
  print: Print,
): Promise<number> {
  const { analysis, sources, close } = await analysePaths(paths, options);
  try {
    const found = analysis.nodes
      .flatMap((node) => node.findings.map((analysed): Fixable => ({ node, analysed })))
      .filter(({ analysed: { finding } }) => code === undefined || code === finding.code);
    const all = found.filter(({ analysed: { fixes } }) => fixes.length > 0);
    if (verifyKernel) return await verifyFixes(all, print);
    printFixes(all, { format, ...(allEffects && { allEffects }) }, sources, print);
    // Behind a script, which may be written to a file, words would be commands.
    if (format === "text" && all.length === 0) for (const line of withoutFix(found)) print(line);
    return 0;
  } finally {
    await close();
  }
}
