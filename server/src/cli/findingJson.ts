import { type AnalysedFinding, explainEffect, type Fix, formatPrefix, type NodeAnalysis } from "../core/index.js";
import type { SourceMap } from "./output.js";

function fixJson({ title, commands, undo, persistent, proof, notes }: Fix) {
  const main = explainEffect(proof.main);
  return {
    title,
    commands,
    undo,
    persistent,
    notes,
    proof: {
      ...main,
      repairs: proof.repairs.map(explainEffect),
      sideEffects: proof.sideEffects.map((effect) => ({ ...explainEffect(effect), judgement: effect.judgement })),
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
          const { flow, before, after } = explainEffect({ flow: taken.flow, before: taken, after: otherwise });
          return { kind, prefix: formatPrefix(route.dst), flow, taken: before, otherwise: after };
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
