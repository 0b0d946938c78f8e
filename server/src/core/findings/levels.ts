import type { Finding, Severity } from "./finding.js";
import { findingKinds, severities } from "./registry.js";

/** How grave a code is to be taken; `off`: not at all. */
export type Level = Severity | "off";

/** Levels by code, where they are not the default ones. */
export type Levels = Readonly<Record<string, Level>>;

const words: readonly Level[] = [...severities, "off"];

/** The level that a word names; undefined for any other word. */
export function levelOf(word: unknown): Level | undefined {
  return words.find((level) => level === word);
}

/** Levels as settings hold them (an object of codes), and what in them means nothing, a sentence each. */
export function readLevels(settings: unknown): { readonly levels: Levels; readonly problems: readonly string[] } {
  if (typeof settings !== "object" || settings === null) return { levels: {}, problems: [] };
  const codes = new Set<string>(findingKinds.map(({ code }) => code));
  const levels: Record<string, Level> = {};
  const problems: string[] = [];
  for (const [code, word] of Object.entries(settings)) {
    const level = levelOf(word);
    if (!codes.has(code)) problems.push(`There is no finding \`${code}\`.`);
    else if (level === undefined) problems.push(`\`${String(word)}\` is no level. There are: ${words.join(", ")}.`);
    else levels[code] = level;
  }
  return { levels, problems };
}

/**
 * A finding at the level that its code is given; undefined where that is `off`. What is less than likely stays an information at most,
 * whatever the level: raising it would make a fact of a guess.
 */
export function atLevel(finding: Finding, levels: Levels): Finding | undefined {
  const level = Object.hasOwn(levels, finding.code) ? levels[finding.code] : undefined;
  if (level === undefined) return finding;
  if (level === "off") return undefined;
  const doubtful = finding.confidence === "conditional" || finding.confidence === "unknown";
  const most = severities.indexOf("information");
  const severity = doubtful ? (severities[Math.max(severities.indexOf(level), most)] ?? level) : level;
  return { ...finding, severity };
}
