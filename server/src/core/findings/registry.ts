import type { CaseNode } from "../case/case.js";
import type { Steps } from "../text/steps.js";
import { aggregatedCapture } from "./captures/aggregatedCapture.js";
import { lostEvents } from "./captures/lostEvents.js";
import { malformedLine } from "./captures/malformedLine.js";
import { stateChanged } from "./changes/stateChanged.js";
import type { Finding, FindingCode, FindingKind, Severity } from "./finding.js";
import { deniedRequest } from "./packets/deniedRequest.js";
import { divergedPath } from "./packets/divergedPath.js";
import { droppedPacket } from "./packets/droppedPacket.js";
import { missingReply } from "./packets/missingReply.js";
import { addressConflict } from "./pods/addressConflict.js";
import { missingEndpointRule } from "./pods/missingEndpointRule.js";
import { orphanEndpointRule } from "./pods/orphanEndpointRule.js";
import { rpFilterDrop } from "./refusals/rpFilterDrop.js";
import { sourceValidationDrop } from "./refusals/sourceValidationDrop.js";
import { automaticPriority } from "./rules/automaticPriority.js";
import { contradictingRules } from "./rules/contradictingRules.js";
import { duplicateRule } from "./rules/duplicateRule.js";
import { emptyTable } from "./rules/emptyTable.js";
import { markOverlap } from "./rules/markOverlap.js";
import { neverMatches } from "./rules/neverMatches.js";
import { noLocalRule } from "./rules/noLocalRule.js";
import { noMainRule } from "./rules/noMainRule.js";
import { redundantRule } from "./rules/redundantRule.js";
import { ruleBeforeLocal } from "./rules/ruleBeforeLocal.js";
import { unknownTable } from "./rules/unknownTable.js";
import { unreachableRule } from "./rules/unreachableRule.js";
import { unresolvedGoto } from "./rules/unresolvedGoto.js";
import { shadowingRule } from "./shadowing/shadowingRule.js";

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

/** Everything there is to say about a node, a kind of finding at a time: gravest first, then in the order of the files. */
export function* findingSteps(node: CaseNode): Steps<Finding[]> {
  const found: Finding[] = [];
  for (const kind of findingKinds) {
    yield;
    found.push(...kind.check(node));
  }
  return found.sort(byGravity);
}
