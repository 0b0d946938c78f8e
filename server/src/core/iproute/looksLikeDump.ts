import { readTranscript } from "./readTranscript.js";
import type { Section } from "./section.js";

/** How much of a file is looked at. */
const sampleLength = 16_384;

/** How much a section tells: lines that only `ip` prints tell more than a setting, which stands in many files. */
function weightOf(section: Section): number {
  switch (section.kind) {
    case "rules":
      return 3 * section.rules.length;
    case "routes":
      return section.tableMissing ? 3 : 2 * section.routes.length;
    case "links":
      return 2 * section.links.length;
    case "endpoints":
      return section.endpoints.length;
    case "neighbours":
      return 2 * section.neighbours.length;
    case "packets":
      return section.packets.length;
    case "change":
      return section.rule || section.route ? 2 : 0;
    case "sysctls":
      return section.values.length;
    case "tableNames":
      return section.names.length;
  }
}

/**
 * How surely the beginning of a text is a dump that `readTranscript` has a use for: 0 for none, from 2 on it is one. Logs of
 * `cilium monitor`, prose and other programs' output have 0.
 */
export function dumpScore(text: string): number {
  const head = text.slice(0, sampleLength);
  return readTranscript("", head).sections.reduce((sum, section) => sum + weightOf(section), 0);
}

/** Whether a text looks like a dump, by its beginning. */
export function looksLikeDump(text: string): boolean {
  return dumpScore(text) >= 2;
}
