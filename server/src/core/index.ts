/** The one door of the core. What is not exported here is nobody's business outside. */

// Analysis
export type { AnalysedFinding, Analysis, NodeAnalysis } from "./analyse.js";
export { analyse, fixesAgainst } from "./analyse.js";
export type { CaseNode } from "./case/case.js";
export { folderOf, statesOf } from "./case/case.js";
// Reading
export type { ReadFile, SourceFile } from "./case/readFile.js";
export { isRecognised, readFile } from "./case/readFile.js";
export { decisionJson } from "./explain/decisionJson.js";
export { branchJson, branchLines } from "./explain/explainBranches.js";
export { caseStory, missingEvidence } from "./explain/explainCase.js";
export { explainDecision } from "./explain/explainDecision.js";
export { type DumpItem, dumpItemAt, explainDumpAt } from "./explain/explainDumpAt.js";
// Words
export type { ExplainedPlace } from "./explain/explainEventAt.js";
export { explainAt } from "./explain/explainEventAt.js";
export { eventSentence } from "./explain/explainEventSentence.js";
export type { EffectStory } from "./explain/explainFix.js";
export { explainEffect, fixScript, proofLines } from "./explain/explainFix.js";
export { brokenFirst, explainPacket, walkId } from "./explain/explainPacket.js";
export { routeAnswerJson, routeAnswerLine, routeAnswerLines } from "./explain/explainRouteAnswer.js";
export { explainTrace } from "./explain/explainTrace.js";
export type { Explanation } from "./explain/explanation.js";
export { listPackets, type PacketFilter, type PacketList } from "./explain/listPackets.js";
export { toMarkdown } from "./explain/toMarkdown.js";
export { toPlainText } from "./explain/toPlainText.js";
export type { Evidence, HopStory, PacketStory, WalkStory } from "./explain/walkStory.js";
// Look-up
export type { Decision } from "./fib/decision.js";
export { wordsForTable } from "./fib/decisionWords.js";
export { fibOf } from "./fib/fibOf.js";
export type { Flow } from "./fib/flow.js";
export { flowWords } from "./fib/flowWords.js";
export { lookupOpen, takeOpenFields } from "./fib/openQuery.js";
export { parseRouteGet } from "./fib/parseRouteGet.js";
export { routeGet } from "./fib/routeGet.js";
export type { Confidence, Finding, FindingCode, FindingKind, Severity } from "./findings/finding.js";
export { findingKinds, severities } from "./findings/registry.js";
export type { Effect, Fix } from "./fixes/fix.js";
export { looksLikeDump } from "./iproute/looksLikeDump.js";
export type { Route } from "./iproute/route.js";
export type { Rule, TableRef } from "./iproute/rule.js";
export type { RouteSection, RuleSection, Section, Transcript } from "./iproute/section.js";
export type { MonitorEvent } from "./monitor/event.js";
export { looksLikeCapture } from "./monitor/looksLikeCapture.js";
// Text and addresses
export { formatAddress } from "./net/address.js";
export { formatPrefix } from "./net/prefix.js";
export { rewalkPacket } from "./path/rewalkPacket.js";
export type { Trace } from "./path/trace.js";
export type { NodeState } from "./state/nodeState.js";
export { tableId } from "./state/nodeState.js";
export type { Position } from "./text/lineIndex.js";
export { LineIndex } from "./text/lineIndex.js";
export type { Place, Problem, Span } from "./text/span.js";
