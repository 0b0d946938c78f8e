import { type DocumentSymbol, type FoldingRange, SymbolKind } from "vscode-languageserver";
import { type Section, wordsForTable } from "../../core/index.js";
import { toRange } from "../toLsp.js";
import type { KnownFile } from "../wholeFiles.js";

function sectionName(section: Section): string {
  const family = "family" in section && section.family === 6 ? " (IPv6)" : "";
  switch (section.kind) {
    case "rules":
      return `Rules${family}${section.filter ? `, ${section.filter}` : ""}`;
    case "routes":
      return `Routes of ${section.table ? wordsForTable(section.table) : "all tables"}${family}`;
    case "links":
      return "Devices";
    case "sysctls":
      return "sysctl";
    case "tableNames":
      return "Names of tables";
    case "packets":
      return "Packets seen";
    case "endpoints":
      return section.printer === "cilium" ? "Endpoints" : "Pods";
    case "neighbours":
      return "Neighbours";
    case "change":
      return section.command?.text ?? "Command";
  }
}

/** `textDocument/documentSymbol`: the sections of a dump. */
export function documentSymbols(file: KnownFile | undefined): DocumentSymbol[] {
  if (!file) return [];
  const { read, lines } = file;
  return read.transcript.sections.map((section) => {
    const range = toRange(lines, section.place);
    return {
      name: sectionName(section),
      kind: SymbolKind.Namespace,
      range,
      selectionRange: { start: range.start, end: range.start },
    };
  });
}

/** `textDocument/foldingRange`: the same sections. */
export function foldingRanges(file: KnownFile | undefined): FoldingRange[] {
  if (!file) return [];
  const { read, lines } = file;
  return read.transcript.sections
    .map(({ place }) => toRange(lines, place))
    .filter(({ start, end }) => end.line > start.line)
    .map(({ start, end }) => ({ startLine: start.line, endLine: end.line }));
}
