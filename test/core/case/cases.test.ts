import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Analysis,
  analyse,
  caseStory,
  explainEffect,
  readFile,
  type WalkStory,
} from "../../../server/src/core/index.js";
import { type DrawnCase, drawnCase } from "./drawnCase.js";

function findingLines({ files }: DrawnCase, analysis: Analysis): string[] {
  return analysis.nodes
    .flatMap(({ findings }) => findings.map(({ finding }) => finding))
    .map(({ place, severity, code }) => `${place.file} ${lineOf(files, place.file, place.start)} ${severity} ${code}`)
    .sort();
}

function lineOf(files: DrawnCase["files"], file: string, offset: number): string {
  const text = files.find((source) => source.file === file)?.text ?? "";
  const line = text.slice(0, offset).split("\n").length;
  return `${line}:${offset - text.lastIndexOf("\n", offset - 1)}`;
}

/** `from-network[eth0]`, with `node-b:` before it where the walk crosses nodes; a place without an event in parentheses. */
function hopWords({ place, device, node, seen }: WalkStory["hops"][number]): string {
  const named = device === undefined ? place : `${place}[${device}]`;
  const at = node === undefined ? named : `${node}:${named}`;
  return seen ? at : `(${at})`;
}

function walkLines(analysis: Analysis): string {
  return analysis.nodes
    .flatMap((node) => caseStory(node, () => ""))
    .flatMap(({ status, title, outcome, hops, expected, parting }) => [
      `${status}: ${title}`,
      `  ${hops.map(hopWords).join(" ")}`,
      ...(parting === undefined || !expected
        ? []
        : [`  parts at ${hops[parting]?.place}; normal: ${expected.map(hopWords).join(" ")}`]),
      `  ${outcome}`,
    ])
    .join("\n");
}

function fixLines(analysis: Analysis): string {
  return analysis.nodes
    .flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes))
    .flatMap(({ commands, proof }) => {
      const main = explainEffect(proof.main);
      return [
        ...commands,
        `  ${proof.purpose === "repair" ? "repairs" : "leaves"} ${main.flow}: ${main.before} -> ${main.after}`,
        ...proof.sideEffects.map((effect) => {
          const { flow, before, after } = explainEffect(effect);
          return `  changes ${flow}: ${before} -> ${after}`;
        }),
      ];
    })
    .join("\n");
}

/** The nodes with what their dumps hold; `doubt` where it is said that some may be of another. */
function nodeLines({ nodes }: Analysis): string {
  return nodes
    .map(({ node: { name, files } }) => {
      const sections = files.flatMap(({ transcript }) => transcript.sections);
      const rules = sections.reduce((sum, section) => sum + (section.kind === "rules" ? section.rules.length : 0), 0);
      const routes = sections.reduce(
        (sum, section) => sum + (section.kind === "routes" ? section.routes.length : 0),
        0,
      );
      const counts = [count(rules, "rule"), count(routes, "route")].filter(Boolean).join(", ");
      return `${name}: ${counts}${files.some(({ limits = [] }) => limits.length > 0) ? "; doubt" : ""}`;
    })
    .join("\n");
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;
}

describe("cases", () => {
  for (const name of readdirSync(resolve("test/fixtures/cases")).filter((file) => file.endsWith(".case"))) {
    it(name, () => {
      const drawn = drawnCase(name);
      const analysis = analyse(drawn.files.map(readFile));
      const wanted = drawn.findings
        .map(({ file, start, severity, code }) => `${file} ${lineOf(drawn.files, file, start)} ${severity} ${code}`)
        .sort();
      assert.deepEqual(findingLines(drawn, analysis), wanted);
      const found = analysis.nodes.flatMap(({ findings }) => findings.map(({ finding }) => finding));
      for (const { file, start, code, parts } of drawn.findings) {
        const finding = found.find(
          (each) => each.code === code && each.place.file === file && each.place.start === start,
        );
        for (const part of parts)
          assert.ok(finding?.message.includes(part), `${code}: "${part}" is not in: ${finding?.message}`);
      }
      const answers: Readonly<Record<string, (analysis: Analysis) => string>> = {
        walks: walkLines,
        fixes: fixLines,
        nodes: nodeLines,
      };
      for (const [what, text] of drawn.expected) assert.equal(answers[what]?.(analysis), text, what);
    });
  }
});
