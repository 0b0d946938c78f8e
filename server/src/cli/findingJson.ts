import {
  type AnalysedFinding,
  decisionJson,
  type Effect,
  type Fix,
  type Flow,
  flowWords,
  formatAddress,
  formatPrefix,
  type NodeAnalysis,
} from "../core/index.js";
import type { SourceMap } from "./output.js";

function flowJson(flow: Flow) {
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

function fixJson({ title, commands, undo, persistent, proof, notes }: Fix) {
  return {
    title,
    commands,
    undo,
    persistent,
    notes,
    proof: {
      ...effectJson(proof.main),
      repairs: proof.repairs.map(effectJson),
      sideEffects: proof.sideEffects.map((effect) => ({ ...effectJson(effect), judgement: effect.judgement })),
    },
  };
}

function findingData({ finding }: AnalysedFinding): Record<string, unknown> {
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
      return { packet: data.trace.packet.number, disposition: data.trace.disposition };
    case "unknown-table":
      return { priority: data.rule.priority, command: data.command };
    case "malformed-line":
      return {};
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
    data: findingData(analysed),
    fixes: fixes.map(fixJson),
  };
}
