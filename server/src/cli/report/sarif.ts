import { relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Invocation, Location, Log, ReportingDescriptor, Result } from "sarif";
import {
  type Confidence,
  type Finding,
  type FindingKind,
  findingKinds,
  type Place,
  proofLines,
  type Severity,
} from "../../core/index.js";
import { type HumanPlace, printable, type SourceMap } from "../output.js";
import type { Report, ReportedFinding } from "./report.js";

/** SARIF has no level below `note`: a hint is a note with a rank. */
const levels = { error: "error", warning: "warning", information: "note", hint: "note" } as const;

const ranks: Readonly<Record<Confidence, number>> = { confirmed: 100, likely: 75, conditional: 40, unknown: 10 };

/** SARIF 3.4.3: relative references are URI references, with forward slashes; standard input has no file. */
function artifact(file: string): { readonly uri: string; readonly uriBaseId?: string } {
  const path = relative(process.cwd(), file);
  if (path.startsWith("..")) return { uri: pathToFileURL(file).href };
  return { uri: path.split(sep).map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
}

function location(sources: SourceMap, place: Place, message?: string): Location {
  const { file, line, column, endLine, endColumn }: HumanPlace = sources.place(place);
  return {
    physicalLocation: {
      artifactLocation: artifact(file),
      region: {
        startLine: line,
        startColumn: column,
        endLine,
        endColumn,
        snippet: { text: printable(sources.text(place)) },
      },
    },
    ...(message === undefined ? {} : { message: { text: printable(message) } }),
  };
}

function descriptor({ code, meaning, defaultSeverity, silentWhen, example }: FindingKind): ReportingDescriptor {
  const name = code.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return {
    id: code,
    name,
    shortDescription: { text: meaning.split(/(?<=\.) /)[0] ?? meaning },
    fullDescription: { text: meaning },
    defaultConfiguration: { level: levels[defaultSeverity] },
    help: {
      text: [meaning, "", "Stays silent when:", ...silentWhen.map((when) => `- ${when}`), "", "Example:", example].join(
        "\n",
      ),
    },
  };
}

/** A key of the finding that stays when lines before it come or go: its code and the text of its place. */
function fingerprint({ code, place }: Finding, sources: SourceMap): string {
  return `${code}:${printable(sources.text(place)).replace(/\s+/g, " ").slice(0, 200)}`;
}

/**
 * A fix of Packetwalk is commands for a node, no edit of the file: SARIF's `fixes` (3.27.30) hold only replacements in files, so the commands
 * stand in the message, and with their proof among the properties.
 */
function result({ node, analysed: { finding, fixes } }: ReportedFinding, sources: SourceMap): Result {
  const [fix] = fixes;
  const repair = fix ? `\n\nFix (simulated): ${fix.title}\n${fix.commands.join("\n")}` : "";
  return {
    ruleId: finding.code,
    ruleIndex: findingKinds.findIndex(({ code }) => code === finding.code),
    level: levels[finding.severity],
    rank: ranks[finding.confidence],
    message: { text: `${printable(finding.message)}${repair}` },
    locations: [location(sources, finding.place)],
    ...(finding.related.length > 0 && {
      relatedLocations: finding.related.map(({ place, message }, id) => ({ id, ...location(sources, place, message) })),
    }),
    partialFingerprints: { "packetwalk/v1": fingerprint(finding, sources) },
    properties: {
      node: node.node.name,
      severity: finding.severity satisfies Severity,
      confidence: finding.confidence,
      fixes: fixes.map((each) => ({
        title: each.title,
        commands: each.commands,
        undo: each.undo,
        persistent: each.persistent,
        proof: proofLines(each).map(printable),
      })),
    },
  };
}

/** That it ran, and what of large captures it did not look at (SARIF 3.20.21); none where it looked at all. */
function invocations({ files }: Report): Invocation[] {
  const toolExecutionNotifications = files.flatMap(({ file, limits = [] }) =>
    limits.map((limit) => ({
      level: "warning" as const,
      message: { text: printable(limit) },
      locations: [{ physicalLocation: { artifactLocation: artifact(file) } }],
    })),
  );
  return toolExecutionNotifications.length > 0 ? [{ executionSuccessful: true, toolExecutionNotifications }] : [];
}

/** Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), for code scanning and SARIF viewers. */
export function sarifLog(report: Report, version: string): Log {
  const { findings, sources } = report;
  const invoked = invocations(report);
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Packetwalk", semanticVersion: version, rules: findingKinds.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        ...(invoked.length > 0 && { invocations: invoked }),
        results: findings.map((reported) => result(reported, sources)),
      },
    ],
  };
}
