import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Analysis, analyse } from "../../../../server/src/core/analyse.js";
import { type ReadFile, readFile } from "../../../../server/src/core/case/readFile.js";
import { rereadFile } from "../../../../server/src/core/case/rereadFile.js";

/** Nodes whose CNI makes rules for each pod, with the rules of other software among them, edited line by line. */
const pods = Array.from({ length: 6 }, (_, at) => `10.1.0.${at + 11}`);
const pod = fc.constantFrom(...pods);

const rule = fc.oneof(
  { weight: 6, arbitrary: pod.map((address) => `512: from all to ${address} lookup main`) },
  { weight: 4, arbitrary: pod.map((address) => `1536: from ${address} lookup 2`) },
  { weight: 6, arbitrary: pod.map((address) => `20: from all to ${address} lookup main`) },
  { weight: 6, arbitrary: pod.map((address) => `111: from ${address} to 10.1.0.0/16 lookup 11`) },
  { weight: 2, arbitrary: pod.map((address) => `300: from ${address} lookup 2`) },
  { weight: 2, arbitrary: pod.map((address) => `301: from ${address} lookup 77`) },
  { weight: 2, arbitrary: pod.map((address) => `340: from all to ${address} lookup main`) },
  { weight: 2, arbitrary: pod.map((address) => `32765: from ${address} lookup 77`) },
  { weight: 1, arbitrary: pod.map((address) => `32764: from ${address} lookup 98`) },
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      "10: from all fwmark 0xa00/0xf00 lookup 2005",
      "5210: from all fwmark 0x80000/0xff0000 lookup main",
      "99: from all lookup main suppress_prefixlength 0",
      "300: from all iif eth9 [detached] lookup main",
      "310: not from all lookup 2",
      "320: from all to 10.1.0.0/16 lookup main",
      "330: from all fwmark 0x1/0x1 lookup main",
      "335: from 10.9.0.0/16 lookup 99",
      "336: from 10.9.1.0/24 lookup 99",
      "337: from 10.9.1.0/24 lookup 2",
    ),
  },
);

const route = fc.oneof(
  { weight: 6, arbitrary: pod.map((address) => `${address} dev eni0123456789a scope link`) },
  { weight: 6, arbitrary: pod.map((address) => `${address} dev lxc0123456789ab scope link`) },
  { weight: 1, arbitrary: pod.map((address) => `10.1.0.0/24 dev eth1 proto kernel scope link src ${address}`) },
  {
    weight: 1,
    arbitrary: pod.map((address) => `local ${address} dev eth0 table local proto kernel scope host src ${address}`),
  },
  { weight: 4, arbitrary: fc.constantFrom("default via 192.0.2.1 dev eth1 table 2", "default dev eth2 table 77") },
);

/** A node in order, so that edits make the exception. */
const wholeNode = fc.constantFrom(
  pods.flatMap((address) => [
    `20: from all to ${address} lookup main`,
    `111: from ${address} to 10.1.0.0/16 lookup 11`,
  ]),
  pods.map((address) => `512: from all to ${address} lookup main`),
  [],
);

interface Dump {
  readonly rules: readonly string[];
  readonly heading: string;
  readonly routes: readonly string[];
  readonly tail: readonly string[];
}

const dumps: fc.Arbitrary<Dump> = fc.record({
  rules: fc.tuple(wholeNode, fc.array(rule, { minLength: 4, maxLength: 12 })).map(([own, more]) => [...own, ...more]),
  heading: fc.constantFrom("$ ip route show table all", "$ ip route"),
  routes: fc
    .tuple(
      fc.constantFrom(
        pods.map((address) => `${address} dev lxc0123456789ab scope link`),
        [],
      ),
      fc.array(route, { maxLength: 5 }),
    )
    .map(([own, more]) => [...own, ...more]),
  tail: fc.constantFrom(
    [],
    [
      "$ cilium endpoint list",
      "ENDPOINT   POLICY (ingress)   POLICY (egress)   IDENTITY   LABELS (source:key[=value])   IPv6   IPv4         STATUS",
      "77         Disabled           Disabled          28075      k8s:app=web                          10.1.0.11    ready",
    ],
  ),
});

interface Edit {
  readonly at: number;
  readonly gone: 0 | 1;
  readonly line: readonly [kind: "rule" | "route", text: string];
}

const edits: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  gone: fc.constantFrom(0, 1),
  line: fc.oneof(
    rule.map((text): Edit["line"] => ["rule", text]),
    route.map((text): Edit["line"] => ["route", text]),
    fc.constantFrom<Edit["line"]>(["rule", ""], ["route", ""]),
  ),
});

function edited(dump: Dump, { at, gone, line: [kind, text] }: Edit): Dump {
  const list = kind === "rule" ? dump.rules : dump.routes;
  const changed = list.toSpliced(at % (list.length + 1), gone, ...(text === "" ? [] : [text]));
  return kind === "rule" ? { ...dump, rules: changed } : { ...dump, routes: changed };
}

function textOf({ rules, heading, routes, tail }: Dump): string {
  const own = rules.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return [
    "$ ip rule",
    "0: from all lookup local",
    ...own,
    "32766: from all lookup main",
    "32767: from all lookup default",
    heading,
    "10.1.0.1 dev cilium_host proto kernel scope link",
    ...routes,
    "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10",
    ...tail,
    "",
  ].join("\n");
}

function read(text: string): ReadFile {
  return readFile({ file: "node.txt", text });
}

/** Everything that findings say, and what their fixes need of them. */
function told({ nodes }: Analysis): unknown {
  return nodes.map((node) => node.findings.map(({ finding }) => finding));
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 60);

/** The kinds of findings that rest on what is remembered of rules, routes and lists. */
const expected = [
  "missing-endpoint-rule",
  "orphan-endpoint-rule",
  "duplicate-rule",
  "redundant-rule",
  "contradicting-rules",
  "never-matches",
  "address-conflict",
  "automatic-priority",
  "mark-overlap",
  "empty-table",
  "unknown-table",
];

describe("A dump with rules for pods that is edited", () => {
  it("has the findings that it would have if it were read for the first time", function () {
    this.timeout(60_000);
    const counts = new Map<string, number>();
    fc.assert(
      fc.property(dumps, fc.array(edits, { minLength: 1, maxLength: 5 }), (drawn, list) => {
        let dump = drawn;
        let file = read(textOf(dump));
        let analysis = analyse([file]);
        for (const edit of list) {
          dump = edited(dump, edit);
          const text = textOf(dump);
          file = rereadFile(file, text) ?? read(text);
          analysis = analyse([file], { before: analysis });
          assert.deepEqual(told(analysis), told(analyse([read(text)])));
          for (const { finding } of analysis.nodes.flatMap(({ findings }) => findings))
            counts.set(finding.code, (counts.get(finding.code) ?? 0) + 1);
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
    for (const code of expected) assert.ok((counts.get(code) ?? 0) > 0, `${code} was never found: ${[...counts]}`);
  });
});
