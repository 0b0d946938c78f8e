import {
  type AnalysedFinding,
  decisionJson,
  type Effect,
  type Fix,
  type Flow,
  flowWords,
  formatAddress,
  formatPrefix,
  type LostAnswer,
  type NodeAnalysis,
} from "../core/index.js";
import type { SourceMap } from "./output.js";

export function flowJson(flow: Flow) {
  const { src, iif, oif, fwmark, tos, ipproto, sport, dport } = flow;
  return {
    words: flowWords(flow),
    dst: formatAddress(flow.dst),
    ...(src ? { from: formatAddress(src) } : {}),
    ...(iif === undefined || iif === "lo" ? {} : { iif }),
    ...(oif === null ? {} : { oif }),
    ...(fwmark ? { fwmark } : {}),
    ...(tos ? { tos } : {}),
    ...(ipproto === undefined ? {} : { ipproto }),
    ...(sport ? { sport } : {}),
    ...(dport ? { dport } : {}),
  };
}

function effectJson({ flow, before, after }: Effect) {
  return { flow: flowJson(flow), before: decisionJson(before), after: decisionJson(after) };
}

function fixJson({ kind, title, commands, undo, persistent, proof, notes }: Fix) {
  return {
    title,
    commands,
    undo,
    persistent,
    notes,
    kind,
    proof: {
      purpose: proof.purpose,
      whole: proof.whole,
      ...effectJson(proof.main),
      repairs: proof.repairs.map(effectJson),
      sideEffects: proof.sideEffects.map((effect) => ({ ...effectJson(effect), judgement: effect.judgement })),
    },
  };
}

function lostAnswerJson(example: LostAnswer | undefined) {
  return example
    ? { flow: flowJson(example.flow), actual: decisionJson(example.actual), wanted: decisionJson(example.wanted) }
    : {};
}

function findingData({ finding }: AnalysedFinding, sources: SourceMap): Record<string, unknown> {
  const { data } = finding;
  switch (data.code) {
    case "shadowing-rule":
      return {
        priority: data.rule.priority,
        victims: data.victims.map(({ kind, route, taken, otherwise }) => {
          return {
            kind,
            prefix: formatPrefix(route.dst),
            flow: flowJson(taken.flow),
            taken: decisionJson(taken),
            otherwise: decisionJson(otherwise),
          };
        }),
      };
    case "diverged-path":
      return { packet: sources.packetNumber(data.trace.packet), disposition: data.trace.disposition };
    case "unknown-table":
      return { priority: data.rule.priority, command: data.command };
    case "unreachable-rule":
      return {
        priority: data.rule.priority,
        by: data.by.map(({ priority }) => priority),
        ...lostAnswerJson(data.example),
      };
    case "contradicting-rules":
      return { priority: data.rule.priority, by: [data.rival.priority], ...lostAnswerJson(data.example) };
    case "redundant-rule":
      return { priority: data.rule.priority, by: [data.by.priority] };
    case "duplicate-rule":
      return { kept: data.kept.priority, duplicates: data.duplicates.map(({ priority }) => priority) };
    case "rule-before-local":
      return {
        priority: data.rule.priority,
        local: data.local.priority,
        addresses: data.addresses.map(formatAddress),
      };
    case "no-local-rule":
    case "no-main-rule":
      return { family: data.family };
    case "empty-table":
      return { priority: data.rule.priority, others: data.others.map(({ priority }) => priority) };
    case "never-matches":
    case "unresolved-goto":
      return { priority: data.rule.priority };
    case "automatic-priority":
      return { priorities: data.rules.map(({ priority }) => priority) };
    case "mark-overlap":
      return { bits: data.bits, owners: data.owners };
    case "malformed-line":
      return {};
    case "orphan-endpoint-rule":
      return { address: formatAddress(data.address), priorities: data.rules.map(({ priority }) => priority) };
    case "missing-endpoint-rule":
      return { address: formatAddress(data.address), lacking: data.lacking };
    case "address-conflict":
      return { address: formatAddress(data.address) };
    case "state-changed":
      return { regions: data.difference.regions.length, causes: data.difference.causes.map(({ who }) => who) };
    case "dropped-packet": {
      const { reason, extError, events, flows } = data.group;
      return { reason, extError, count: events.length, flows };
    }
    case "denied-request":
      return { protocol: data.protocol, count: data.count };
    case "missing-reply":
      return { packet: sources.packetNumber(data.trace.packet), tries: data.tries };
    case "lost-events":
      return { count: data.count, places: data.places };
    case "aggregated-capture":
      return {};
    case "rp-filter-drop":
    case "source-validation-drop": {
      const { device, received, validation, settings, premises } = data.refusal;
      return {
        device,
        reason: validation?.reason,
        reverse: validation?.reverse && decisionJson(validation.reverse),
        settings: settings.map(({ key, value }) => ({ key, value })),
        packets: received.length,
        premises,
      };
    }
  }
}

/** A finding as the contract of `--json` has it: lines and columns from 1, the fixes with their proofs. */
export function findingJson(node: NodeAnalysis, analysed: AnalysedFinding, sources: SourceMap) {
  const { finding, fixes } = analysed;
  return {
    code: finding.code,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    ...sources.place(finding.place),
    node: node.node.name,
    related: finding.related.map(({ place, message }) => {
      const { file, line, column } = sources.place(place);
      return { file, line, column, message };
    }),
    data: findingData(analysed, sources),
    fixes: fixes.map(fixJson),
  };
}
