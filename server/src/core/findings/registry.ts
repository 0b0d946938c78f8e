import type { CaseNode } from "../case/case.js";
import { divergedPath } from "./divergedPath.js";
import type { Finding, FindingKind, Severity } from "./finding.js";
import { malformedLine } from "./malformedLine.js";
import { shadowingRule } from "./shadowingRule.js";
import { unknownTable } from "./unknownTable.js";

/** Every kind of finding there is, gravest first. FINDINGS.md is generated from this list. */
export const findingKinds: readonly FindingKind[] = [divergedPath, shadowingRule, unknownTable, malformedLine];

/** From the gravest to the slightest. */
export const severities: readonly Severity[] = ["error", "warning", "information", "hint"];

/** Everything there is to say about a node, gravest first, then in the order of the files. */
export function findAll(node: CaseNode): Finding[] {
  const rank = ({ severity }: Finding): number => severities.indexOf(severity);
  return findingKinds.flatMap((kind) => kind.check(node)).sort((a, b) => rank(a) - rank(b));
}
