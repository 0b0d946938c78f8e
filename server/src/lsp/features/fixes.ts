import { type AnalysedFinding, type Fix, type NodeAnalysis, type Steps, whyNoFix } from "../../core/index.js";
import type { AnalysedCase } from "../caseStore.js";
import type { FixesResult } from "../protocol.js";
import { toFixView } from "../toLsp.js";

/** Fixes that are listed at least, where there are so many. */
const enough = 12;

/** The findings of a case that may have fixes, the gravest of each node first. Whether they do is not worked out. */
export function fixable({ analysis: { nodes } }: AnalysedCase): AnalysedFinding[] {
  return nodes.flatMap(({ findings }) => findings.filter(({ finding }) => whyNoFix(finding.code) === undefined));
}

/**
 * `packetwalk/fixes`: the fixes of the gravest findings, a finding at a time.
 *
 * @param isWanted whether the answer still is; else it is null
 */
export function* fixes(analysed: AnalysedCase, isWanted: () => boolean): Steps<FixesResult> {
  const found: Fix[] = [];
  const findings = fixable(analysed);
  let looked = 0;
  for (const { fixes: own } of findings) {
    found.push(...own);
    looked++;
    if (found.length >= enough) break;
    yield;
    if (!isWanted()) return null;
  }
  return { fixes: found.map((fix) => toFixView(analysed, fix)), more: findings.length - looked };
}

/** The fix with an id, which names its finding, so that those of no other finding are worked out. */
export function findFix(nodes: readonly NodeAnalysis[], id: string): Fix | undefined {
  for (const { findings } of nodes) {
    for (const analysed of findings) {
      const { code, place } = analysed.finding;
      if (!id.endsWith(`:${code}:${place.file}:${place.start}`)) continue;
      const fix = analysed.fixes.find((each) => each.id === id);
      if (fix) return fix;
    }
  }
  return undefined;
}
