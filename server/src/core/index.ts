/** The one door of the core. What is not exported here is nobody's business outside. */

// Analysis
export type { AnalysedFinding, AnalyseOptions, Analysis, NodeAnalysis } from "./analyse.js";
export { analyse, analyseBeside, analysisSteps, fixesAgainst } from "./analyse.js";
export { createNames } from "./capture/columns/names.js";
export { joinColumns } from "./capture/joining/joinColumns.js";
export type { CaseNode } from "./case/case.js";
export { buildCase, folderOf, statesOf, successionsOf } from "./case/case.js";
// Reading
export type { ReadFile, SourceFile } from "./case/readFile.js";
export { isRecognised, readFile, readingSteps } from "./case/readFile.js";
export { rereadFile } from "./case/rereadFile.js";
export { type CaptureTarget, captureScript, isKubernetesName } from "./explain/captureScript.js";
export { eventSentence } from "./explain/event/eventSentence.js";
// Words
export type { ExplainedPlace } from "./explain/event/explainAt.js";
export { explainAt } from "./explain/event/explainAt.js";
export type { Explanation } from "./explain/explanation.js";
export { causeLines, type DiffLine, diffGroups, explainRegion, regionLines } from "./explain/finding/explainDiff.js";
export { findingHeading, findingMarkdown, findingPage, type PlaceWords } from "./explain/finding/explainFinding.js";
export type { EffectStory } from "./explain/finding/explainFix.js";
export { explainEffect, fixFileName, fixScript, proofLines } from "./explain/finding/explainFix.js";
export {
  type ConversationPacket,
  type ConversationStory,
  conversationPacket,
  conversationTeller,
  socketTranslation,
} from "./explain/packet/conversationStory.js";
export { endWords } from "./explain/packet/endWords.js";
export { caseStory, missingEvidence } from "./explain/packet/explainCase.js";
export { explainFacts, type FactStory } from "./explain/packet/explainFacts.js";
export { explainPacket, walkId } from "./explain/packet/explainPacket.js";
export { explainTrace } from "./explain/packet/explainTrace.js";
export { listPackets, type PacketFilter, type PacketList, type PacketStatus } from "./explain/packet/listPackets.js";
export { walkHeading, walkMarkdown } from "./explain/packet/walkMarkdown.js";
export type { Evidence, HopStory, PacketStory, WalkStory } from "./explain/packet/walkStory.js";
export { decisionJson } from "./explain/routing/decisionJson.js";
export { branchJson, branchLines } from "./explain/routing/explainBranches.js";
export { explainDecision } from "./explain/routing/explainDecision.js";
export { type DumpItem, dumpItemAt, explainDumpAt } from "./explain/routing/explainDumpAt.js";
export { routeAnswerJson, routeAnswerLine, routeAnswerLines } from "./explain/routing/explainRouteAnswer.js";
export { regionParts } from "./explain/routing/regionParts.js";
export { sentence as markdownSentence, toMarkdown } from "./explain/toMarkdown.js";
export { toPlainText } from "./explain/toPlainText.js";
// Look-up
export { decide } from "./fib/decide.js";
export type { Decision } from "./fib/decision.js";
export { wordsForTable } from "./fib/decisionWords.js";
export { fibOf } from "./fib/fibOf.js";
export type { Flow } from "./fib/flow.js";
export { flowWords } from "./fib/flowWords.js";
export { lookupOpen, takeOpenFields } from "./fib/openQuery.js";
export { parseRouteGet } from "./fib/parseRouteGet.js";
export { routeGet } from "./fib/routeGet.js";
export { compareNodes, isSame, isWorse, type NodeDifference } from "./findings/changes/nodeDifference.js";
export type { Confidence, Finding, FindingCode, FindingKind, Severity } from "./findings/finding.js";
export { type Level, type Levels, levelOf, readLevels } from "./findings/levels.js";
export type { LostAnswer } from "./findings/packets/lostAnswers.js";
export { findingKinds, severities, whyNoFix } from "./findings/registry.js";
export { suppressionComment } from "./findings/suppressions.js";
export type { Change } from "./fixes/change.js";
export type { Effect, Fix } from "./fixes/fix.js";
export { expectedMatch } from "./fixes/replay/expectedMatch.js";
export { type KernelQuestion, kernelQuestion } from "./fixes/replay/kernelQuestion.js";
export { type NodeCommands, nodeCommands } from "./fixes/replay/nodeCommands.js";
export { looksLikeDump } from "./iproute/looksLikeDump.js";
export type { Route } from "./iproute/route.js";
export type { Rule, TableRef } from "./iproute/rule.js";
export type { RouteSection, RuleSection, Section, Transcript } from "./iproute/section.js";
export { analysePart, type CasePart, type PartAnalysis, packetOfTrace, readPart } from "./large/casePart.js";
// Large captures
export { indexedPacket } from "./large/conversationPackets.js";
export type { IndexedCapture } from "./large/indexedCapture.js";
export {
  analyseLargeCase,
  countPackets,
  countWithStatus,
  type LargeCapture,
  type LargeCase,
  largeAnalysisSteps,
  openingSteps,
  openLargeCase,
  type PacketCounts,
  packetsWithStatus,
  statusIn,
} from "./large/largeCase.js";
export { mayPass } from "./large/mayPass.js";
export type { MonitorEvent } from "./monitor/event.js";
export { looksLikeCapture } from "./monitor/looksLikeCapture.js";
export { mayCutBefore } from "./monitor/mayCutBefore.js";
export { looksLikeSettings } from "./monitor/settings/readSettings.js";
export { parseCiliumVersion } from "./monitor/version.js";
// Text and addresses
export { formatAddress } from "./net/address.js";
export { formatPrefix, type Prefix, parsePrefix } from "./net/prefix.js";
export { mayFollowPoints } from "./path/mayFollowPoints.js";
export type { PathContext } from "./path/pathContext.js";
export { rewalkPacket } from "./path/rewalkPacket.js";
export type { Trace } from "./path/trace.js";
export { traceEnds } from "./path/traceEnds.js";
export { passesFilter, type TraceFilter, type Verdict, verdicts } from "./path/traceFilter.js";
// Captures too large to be read whole
export { captureScanner, type ScannedCapture } from "./scan/captureScanner.js";
export { type CaptureSegment, lossPlaces, packetAt, segmentFinder, wholeSegment } from "./scan/captureSegment.js";
export { conversationTable } from "./scan/conversationTable.js";
export type { EventScanner } from "./scan/eventScanner.js";
export { composeExcerpt, type Excerpt, pieceAt } from "./scan/excerpt.js";
export { mergeScans, type ScannedPart } from "./scan/mergeScans.js";
export { nodeEvidence } from "./scan/nodeEvidence.js";
export { otherPlaces } from "./scan/otherPlaces.js";
export { packetMatcher } from "./scan/packetMatcher.js";
export { placeOfRow, placesOf } from "./scan/packetSelection.js";
export type { NodeState } from "./state/nodeState.js";
export { tableId } from "./state/nodeState.js";
export type { Position } from "./text/lineIndex.js";
export { LineIndex } from "./text/lineIndex.js";
export type { Place, Problem, Span } from "./text/span.js";
export type { Steps } from "./text/steps.js";
