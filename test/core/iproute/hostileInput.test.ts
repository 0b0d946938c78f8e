import assert from "node:assert/strict";
import fc from "fast-check";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import type { Section } from "../../../server/src/core/iproute/section.js";
import type { Span } from "../../../server/src/core/text/span.js";
import { drawings } from "./drawnCases.js";

function spansOf(section: Section): Span[] {
  const own: Span[] = [section.place, ...(section.command ? [section.command.place] : [])];
  switch (section.kind) {
    case "rules":
      return [...own, ...section.rules.flatMap(({ place, rest }) => [place, ...(rest ? [rest] : [])])];
    case "routes":
      return [...own, ...section.routes.flatMap(({ place, rest }) => [place, ...(rest ? [rest] : [])])];
    case "links":
      return [
        ...own,
        ...section.links.flatMap(({ place, addresses }) => [place, ...addresses.map((address) => address.place)]),
      ];
    case "neighbours":
      return [...own, ...section.neighbours.map(({ place }) => place)];
    case "endpoints":
      return [...own, ...section.endpoints.map(({ place }) => place)];
    case "packets":
      return [...own, ...section.packets.map(({ place }) => place)];
    case "sysctls":
      return [...own, ...section.values.map(({ place }) => place)];
    case "tableNames":
      return [...own, ...section.names.map(({ place }) => place)];
    case "change":
      return own;
  }
}

/** Reads a text and asserts that every place lies inside it. */
function readAny(text: string): void {
  const { sections, problems, remarks } = readTranscript("any", text);
  const spans = [...sections.flatMap(spansOf), ...problems.map(({ place }) => place), ...remarks];
  for (const { start, end } of spans) {
    assert.ok(0 <= start && start <= end && end <= text.length, `${start} to ${end} of ${text.length}`);
  }
}

const texts = drawings().flatMap(({ cases }) => cases.map(({ input }) => input));

/** A drawn dump with stretches cut out, doubled, or replaced by what hostile or damaged texts have. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom(
          "",
          "\n",
          "\r",
          "\0",
          "\x1b[",
          "\x1b[0m",
          "\\",
          "\\n",
          "/",
          ":",
          "from ",
          "复",
          "\ud800",
          "[{",
          "}]",
          '"',
          "nexthop ",
          "@@ ",
        ),
      ),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([text, cuts]) =>
    cuts.reduce((old, [where, length, put]) => {
      const at = Math.floor(where * old.length);
      return old.slice(0, at) + put + old.slice(at + length);
    }, text),
  );

describe("hostile and damaged texts", function () {
  this.timeout(30_000);

  it("a mutated dump is read without an exception, and every place lies inside the text", () => {
    fc.assert(fc.property(mutated, readAny), { numRuns: 400 });
  });

  it("two dumps in one another", () => {
    const pair = fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.nat());
    fc.assert(
      fc.property(pair, ([a, b, where]) => {
        const at = where % (a.length + 1);
        readAny(a.slice(0, at) + b + a.slice(at));
      }),
      { numRuns: 300 },
    );
  });

  it("any text at all", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), readAny), { numRuns: 200 });
  });

  // A reader that is not linear would take minutes for these; mocha's own patience is the limit.
  const long: Readonly<Record<string, string>> = {
    "heads of rules": "1: from all ",
    "nots without an end": "not ",
    "froms and blanks": "from          ",
    "routes in one line": "10.0.0.0/8 via 10.0.0.1 ",
    nexthops: "nexthop via 10.0.0.1 dev e ",
    brackets: "[{",
    "JSON that never ends": '[{"priority":1,"src":"all"},',
    quotes: '"',
    "escape sequences": "\x1b]",
    colours: "\x1b[0m",
    "lost colours": "[1;1",
    prompts: "a@b:~",
    sigils: "# $ % ",
    slashes: "/",
    backslashes: "\\n",
    "written-out lines": "\\n1:\\tfrom all lookup 7",
    digits: "1",
    colons: "::",
    dots: ".",
    commas: ",",
    "at signs": "@ UP ",
    "commands of one line": "ip r ; ",
    headings: "Table 1: ",
  };
  for (const [name, part] of Object.entries(long)) {
    it(`a megabyte of ${name} in one line, and a line each`, () => {
      readAny(part.repeat(1_000_000 / part.length));
      readAny(`${part}\n`.repeat(150_000 / part.length));
    });
  }

  it("a dump in front of and behind a line of five megabytes", () => {
    const text = `$ ip rule\n0: from all lookup local\n${"x".repeat(5_000_000)}\n100: from all lookup 7\n`;
    const [section] = readTranscript("", text).sections;
    assert.equal(section?.kind === "rules" && section.rules.length, 2);
  });

  it("a multipath route of twenty thousand nexthops", () => {
    const hops = Array.from(
      { length: 20_000 },
      (_, index) => `\tnexthop via 10.0.${index >> 8}.${index & 255} dev eth0 weight 1`,
    );
    const [section] = readTranscript("", `$ ip r\n10.9.0.0/16\n${hops.join("\n")}\n`).sections;
    assert.equal(section?.kind === "routes" && section.routes[0]?.nexthops.length, 20_000);
  });
});
