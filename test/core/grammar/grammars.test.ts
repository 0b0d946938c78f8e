import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const root = new URL("../../../../", import.meta.url);

interface Rule {
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly name?: string;
  readonly patterns?: readonly Rule[];
}
interface Grammar extends Rule {
  readonly scopeName: string;
  readonly repository: Readonly<Record<string, Rule>>;
}
interface Language {
  readonly id: string;
  readonly firstLine: string;
  readonly filenamePatterns: readonly string[];
  readonly extensions?: readonly string[];
  readonly configuration: string;
}
interface Manifest {
  readonly contributes: {
    readonly languages: readonly Language[];
    readonly grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
  };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), "utf8"));
}

function rulesOf(rule: Rule): readonly Rule[] {
  return [rule, ...(rule.patterns ?? []).flatMap(rulesOf)];
}

function expressionsOf({ match, begin, end }: Rule): readonly string[] {
  return [match, begin, end].filter((expression) => expression !== undefined);
}

const { contributes } = readJson("package.json") as Manifest;
const grammars = contributes.grammars.map(({ path, scopeName }) => ({ scopeName, grammar: readJson(path) as Grammar }));

/** Lines that make a careless expression try everything: 20 000 characters, the longest line that VS Code colours. */
const hostileLines = [
  "a",
  "1",
  "1.",
  "a:",
  ":",
  " ",
  '"',
  "\\",
  '\\"',
  "(",
  "[",
  "a@",
  "#",
  "ip ",
  "ip -4 ",
  "-",
  "net.",
  "UP,",
  "~/",
].map((piece) => piece.repeat(Math.ceil(20_000 / piece.length)));

for (const { scopeName, grammar } of grammars) {
  const rules = [grammar, ...Object.values(grammar.repository)].flatMap(rulesOf);
  describe(`the grammar ${scopeName}`, () => {
    it("is named as the manifest names it, and includes only what it has", () => {
      assert.equal(grammar.scopeName, scopeName);
      for (const { include } of rules) {
        if (include !== undefined) assert.ok(Object.hasOwn(grammar.repository, include.slice(1)), include);
      }
    });

    it("repeats no group without a bound", () => {
      for (const expression of rules.flatMap(expressionsOf)) assert.doesNotMatch(expression, /\)(?:[*+]|\{\d+,\})/);
    });

    it("ends every rule at the end of its line", () => {
      for (const { begin, end } of rules) if (begin !== undefined) assert.match(String(end), /\$$/);
    });

    it("takes a hostile line of 20 000 characters in its stride", () => {
      for (const expression of rules.flatMap(expressionsOf).map((source) => new RegExp(source, "g"))) {
        for (const line of hostileLines) {
          const start = performance.now();
          for (const found of line.matchAll(expression)) assert.ok(found.index <= line.length);
          const taken = performance.now() - start;
          assert.ok(taken < 500, `${expression} took ${Math.round(taken)} ms for ${line.slice(0, 8)}...`);
        }
      }
    });
  });
}

describe("the languages", () => {
  const firstLines: Readonly<Record<string, string>> = {
    '{"cpu":"CPU 07:","type":"trace","mark":"0x0"}': "cilium-monitor",
    "Listening for events on 8 CPUs with 64x4096 of shared memory": "cilium-monitor",
    "-> endpoint 1177 flow 0x91f0 , identity host->50600": "cilium-monitor",
    "xx drop (Policy denied) flow 0x0 to endpoint 0": "cilium-monitor",
    "[root@node ~]# ip r": "iproute2",
    "ip -6 rule show": "iproute2",
    "0:\tfrom all lookup local": "iproute2",
    "32000: not from 10.0.0.1 lookup 7": "iproute2",
    '{"name":"packetwalk"}': "",
    "#!/bin/sh": "",
    "12: from the beginning": "",
    "We tip our hats": "",
  };
  for (const [line, expected] of Object.entries(firstLines)) {
    it(`${expected === "" ? "leave" : `take (${expected})`}: ${line}`, () => {
      const takers = contributes.languages.filter(({ firstLine }) => new RegExp(firstLine).test(line));
      assert.deepEqual(
        takers.map(({ id }) => id),
        expected === "" ? [] : [expected],
      );
    });
  }

  it("claim no ending that belongs to others", () => {
    for (const { extensions, filenamePatterns } of contributes.languages) {
      assert.equal(extensions, undefined);
      for (const pattern of filenamePatterns) assert.doesNotMatch(pattern, /^\*\.(?:log|json|txt)$/);
    }
  });

  it("have a grammar and a configuration each", () => {
    assert.deepEqual(
      contributes.languages.map(({ id }) => id),
      contributes.grammars.map(({ language }) => language),
    );
    for (const { configuration } of contributes.languages) assert.ok(readJson(configuration));
  });
});
