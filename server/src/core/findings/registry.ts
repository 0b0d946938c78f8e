import type { CaseNode } from "../case/case.js";
import { addressConflict } from "./addressConflict.js";
import { aggregatedCapture } from "./aggregatedCapture.js";
import { automaticPriority } from "./automaticPriority.js";
import { contradictingRules } from "./contradictingRules.js";
import { deniedRequest } from "./deniedRequest.js";
import { divergedPath } from "./divergedPath.js";
import { droppedPacket } from "./droppedPacket.js";
import { duplicateRule } from "./duplicateRule.js";
import { emptyTable } from "./emptyTable.js";
import type { Finding, FindingCode, FindingKind, Severity } from "./finding.js";
import { lostEvents } from "./lostEvents.js";
import { malformedLine } from "./malformedLine.js";
import { markOverlap } from "./markOverlap.js";
import { missingEndpointRule } from "./missingEndpointRule.js";
import { missingReply } from "./missingReply.js";
import { neverMatches } from "./neverMatches.js";
import { noLocalRule } from "./noLocalRule.js";
import { noMainRule } from "./noMainRule.js";
import { orphanEndpointRule } from "./orphanEndpointRule.js";
import { redundantRule } from "./redundantRule.js";
import { rpFilterDrop } from "./rpFilterDrop.js";
import { ruleBeforeLocal } from "./ruleBeforeLocal.js";
import { shadowingRule } from "./shadowingRule.js";
import { sourceValidationDrop } from "./sourceValidationDrop.js";
import { stateChanged } from "./stateChanged.js";
import { unknownTable } from "./unknownTable.js";
import { unreachableRule } from "./unreachableRule.js";
import { unresolvedGoto } from "./unresolvedGoto.js";

/** Every kind of finding there is, gravest first. FINDINGS.md is generated from this list. */
export const findingKinds: readonly FindingKind[] = [
  divergedPath,
  shadowingRule,
  ruleBeforeLocal,
  noLocalRule,
  noMainRule,
  contradictingRules,
  unreachableRule,
  unresolvedGoto,
  rpFilterDrop,
  sourceValidationDrop,
  missingReply,
  droppedPacket,
  deniedRequest,
  addressConflict,
  missingEndpointRule,
  orphanEndpointRule,
  stateChanged,
  unknownTable,
  emptyTable,
  neverMatches,
  duplicateRule,
  redundantRule,
  markOverlap,
  automaticPriority,
  malformedLine,
  lostEvents,
  aggregatedCapture,
];

/** Why findings of a code never have a fix, where they don't. */
export function whyNoFix(code: FindingCode): string | undefined {
  return findingKinds.find((kind) => kind.code === code)?.noFix;
}

/** From the gravest to the slightest. */
export const severities: readonly Severity[] = ["error", "warning", "information", "hint"];

/** Orders findings, the gravest first. */
export function byGravity(a: Finding, b: Finding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

/** Everything there is to say about a node, gravest first, then in the order of the files. */
export function findAll(node: CaseNode): Finding[] {
  return findingKinds.flatMap((kind) => kind.check(node)).sort(byGravity);
}
