import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Location,
  type Range,
} from "vscode-languageserver";
import {
  type Evidence,
  explainEffect,
  type Finding,
  type Fix,
  type HopStory,
  type Place,
  type Severity,
  type Span,
  type WalkStory,
} from "../core/index.js";
import { type FilesOfCase, fileOf } from "./caseStore.js";
import type { EvidenceView, FixView, HopView, LocationView, WalkView } from "./protocol.js";
import type { Positions } from "./wholeFiles.js";

/** The only place where offsets become positions of the protocol. */
export function toRange(lines: Positions, span: Span): Range {
  return { start: lines.position(span.start), end: lines.position(span.end) };
}

const nowhere: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export function toLocation(analysed: FilesOfCase, place: Place): Location {
  const lines = fileOf(analysed, place)?.lines;
  return { uri: place.file, range: lines ? toRange(lines, place) : nowhere };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toDiagnostic(analysed: FilesOfCase, finding: Finding): Diagnostic {
  const related: DiagnosticRelatedInformation[] = finding.related.map(({ place, message }) => ({
    location: toLocation(analysed, place),
    message,
  }));
  return {
    range: toLocation(analysed, finding.place).range,
    severity: severities[finding.severity],
    code: finding.code,
    source: "packetwalk",
    message: finding.message,
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}

function toEvidenceView(analysed: FilesOfCase, { kind, label, text, place }: Evidence): EvidenceView {
  return { kind, label, text, location: toLocation(analysed, place) as LocationView };
}

function toHopView(analysed: FilesOfCase, hop: HopStory): HopView {
  return { ...hop, evidence: hop.evidence.map((evidence) => toEvidenceView(analysed, evidence)) };
}

export function toWalkView(analysed: FilesOfCase, walk: WalkStory): WalkView {
  const { expected, hops, ...rest } = walk;
  return {
    ...rest,
    hops: hops.map((hop) => toHopView(analysed, hop)),
    ...(expected ? { expected: expected.map((hop) => toHopView(analysed, hop)) } : {}),
  };
}

/** Effects of a fix that are listed; more would slow the panel and help nobody. */
const shownEffects = 20;

export function toFixView(analysed: FilesOfCase, fix: Fix): FixView {
  const { proof } = fix;
  // What only tidies up repairs nothing: its example shows that an answer stays.
  const repairs = proof.purpose === "repair" ? [proof.main, ...proof.repairs] : [];
  return {
    id: fix.id,
    title: fix.title,
    commands: fix.commands,
    undo: fix.undo,
    repairs: repairs.slice(0, shownEffects).map(explainEffect),
    repairCount: repairs.length,
    sideEffects: proof.sideEffects.slice(0, shownEffects).map(explainEffect),
    sideEffectCount: proof.sideEffects.length,
    notes: fix.notes,
    location: toLocation(analysed, fix.finding.place) as LocationView,
  };
}
