import assert from "node:assert/strict";
import fc from "fast-check";
import { printRoute } from "../../../server/src/core/iproute/printRoute.js";
import { printRule } from "../../../server/src/core/iproute/printRule.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { LineIndex } from "../../../server/src/core/text/lineIndex.js";
import type { Span } from "../../../server/src/core/text/span.js";
import { drawnRoutes, drawnRules } from "../findings/drawnDump.js";
import { route, rule } from "./arbitraryRule.js";

/** Longer than any line that is compared with others: such a line is read word by word. */
const padding = " ".repeat(400);

/** What may stand in the place of a word: values of every kind, and words that make another line of it. */
const words = [
  ...["10.0.0.1", "10.0.0.0/8", "10/8", "10.0.0.0 /8", "010.0.0.1", "10.0.0.1/33", "256.1.1.1", "1.2.3.4.5", "all"],
  ...["fd00::1", "fd00::/64", "::", "2001:db8::7", "default", "any", "x.x.x.x", "10.0.*.*", "<redacted>", "masked0"],
  ...[
    "7",
    "main",
    "local",
    "unspec",
    "wan",
    "-5",
    "7.",
    "4294967295",
    "4294967296",
    "[l3mdev-table]",
    "hidden.1",
    "Ab",
  ],
  ...["eth0", "lxc01", "eth0.100", "ETHER", "STALE", "eth0 [detached]", "x:1", "eth0\\", "日本", "a\tb", "\x1b[0m", ""],
  ...["from", "to", "iif", "lookup", "dev", "via", "proto", "scope", "table", "# why", "nexthop", "lookup 7 9", "12:"],
];

interface Change {
  readonly at: number;
  readonly word: string;
  /** Whether it is kept as another line's own value, most of the time. */
  readonly isPlain: boolean;
}

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({ at: fc.nat(12), word: fc.constantFrom(...words), isPlain: fc.nat(2).map((dice) => dice > 0) }),
  { maxLength: 3 },
);

/** A value that lines of one list differ by, like the one that stands there. */
function likeIt(word: string, at: number): string {
  if (/^\d+:\t/.test(word)) return word.replace(/^\d+/, `${at * 1000}`);
  if (/^\d+\.\d+\.\d+\.\d+/.test(word)) return word.replace(/\d+/, `${at}`);
  if (/^\d+$/.test(word)) return `${at}`;
  return /^(?:eth|lxc|eni)\d/.test(word) ? `${word}${at}` : word;
}

/** A first word that lines of the list do not have: too high a priority, an address of the other family. */
function unlikeIt(word: string): string {
  if (/^\d+:\t/.test(word)) return word.replace(/^\d+/, "4294967296");
  return word.includes(".") ? "2001:db8::7" : "192.0.2.7";
}

/** A line with some of its words replaced. The first stays one, so that no line is the second part of a wrapped one. */
function changed(line: string, list: readonly Change[]): string {
  const parts = line.split(" ");
  for (const { at, word, isPlain } of list) {
    const index = at % parts.length;
    const before = parts[index] ?? "";
    parts[index] = isPlain ? likeIt(before, at) : index === 0 ? unlikeIt(before) : word;
  }
  return parts.join(" ");
}

/** Few kinds of lines, and many lines of each that differ in some words. */
function lists(line: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc
    .tuple(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(3), changes), { minLength: 1, maxLength: 30 }),
    )
    .map(([kinds, made]) => [...kinds, ...made.map(([kind, list]) => changed(kinds[kind % kinds.length] ?? "", list))]);
}

/** What was read, with each place as line and column, and without what the blanks at the ends of lines tell of the program. */
function readPlaced(text: string): unknown {
  const index = new LineIndex(text);
  const positions = ({ start, end }: Span) => [index.position(start), index.position(end)];
  const placed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(placed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === "place" || key === "rest" ? positions(item as Span) : placed(item),
      ]),
    );
  };
  const { sections, problems, remarks } = readTranscript("node.txt", text);
  const bare = sections.map((section) => {
    const { printedBy: _printedBy, ...rest } = section;
    if (rest.kind === "rules") return { ...rest, hidden: [], version: undefined };
    return rest.kind === "routes" ? { ...rest, hidden: [] } : rest;
  });
  const trimmed = ({ start, end }: Span) => ({ start, end: start + text.slice(start, end).trimEnd().length });
  return [placed(bare), placed(problems), remarks.map(trimmed).map(positions)];
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 300);
const onOneLine = (text: string) => text.replaceAll("\n\t", " ").trimEnd();
/** Lines of which none can be the second part of one that a terminal wrapped, which is told by the lengths of lines. */
const isNoTail = (line: string) => /^(?:\d+[.:]|::)/.test(line);
const rules = fc.oneof(drawnRules, rule(4).map(printRule), rule(6).map(printRule));
const routes = fc
  .oneof(drawnRoutes, route(4).map(printRoute), route(6).map(printRoute))
  .map(onOneLine)
  .filter(isNoTail);

for (const [name, command, line] of [
  ["rules", "ip rule", rules],
  ["rules of IPv6", "ip -6 rule", rules],
  ["routes", "ip route", routes],
  ["routes of all tables", "ip route show table all", routes],
] as const) {
  describe(`Lines of ${name} that are like others`, () => {
    it("are read as word by word", function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(lists(line), (lines) => {
          const text = (end: string) => `$ ${command}\n${lines.map((each) => `${each}${end}\n`).join("")}`;
          assert.deepEqual(readPlaced(text("")), readPlaced(text(padding)));
        }),
        { numRuns: runs, endOnFailure: true },
      );
    });
  });
}

describe("A line that is like others", () => {
  it("is read with the next line where a terminal wrapped it", () => {
    const rule = "100: from 10.123.123.1 to 10.124.124.0/24 iif lxc0123456789 lookup 7";
    const text = `$ ip rule\n${rule}\n${rule}\n${rule}\nproto static\n${rule}\n`;
    const [section] = readTranscript("node.txt", text).sections;
    assert.deepEqual(section?.kind === "rules" && section.rules.map(({ protocol }) => protocol), [
      undefined,
      undefined,
      "static",
      undefined,
    ]);
  });

  it("has an action of its own, by which the rule is known", () => {
    const [section] = readTranscript("node.txt", `$ ip rule\n${"9: from 10.0.0.1 lookup 7\n".repeat(4)}`).sections;
    const rules = section?.kind === "rules" ? section.rules : [];
    assert.equal(new Set(rules.map(({ action }) => action)).size, 4);
  });
});
