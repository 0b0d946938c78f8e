import assert from "node:assert/strict";
import { atLevel } from "../../../server/src/core/findings/levels.js";
import { readSuppressions } from "../../../server/src/core/findings/suppressions.js";
import { analyse, type Levels, readFile, readLevels } from "../../../server/src/core/index.js";

const dump = `$ ip rule
0:	from all lookup local
30000:	from 192.0.2.7 lookup 150
32766:	from all lookup main
$ ip route show table 150
default via 192.0.2.1 dev eth0
$ ip route
default via 192.0.2.1 dev eth0
10.3.1.0/24 via 10.3.1.200 dev cilium_host src 10.3.1.200
`;

function found(text: string, levels: Levels = {}) {
  const [node] = analyse([readFile({ file: "node.txt", text })], { levels }).nodes;
  assert.ok(node);
  return {
    codes: node.findings.map(({ finding }) => `${finding.severity} ${finding.code}`),
    suppressed: node.suppressed,
    rules: node.node.state.families[4].rules?.length,
  };
}

/** The dump with a line before the one that begins so. */
function withLine(line: string, before: string): string {
  return dump.replace(before, `${line}\n${before}`);
}

import { performance } from "node:perf_hooks";

describe("levels of findings", () => {
  it("are the default ones where nothing is set", () => {
    assert.deepEqual(found(dump), { codes: ["warning shadowing-rule"], suppressed: 0, rules: 3 });
  });

  it("can be raised, lowered and turned off by code", () => {
    assert.deepEqual(found(dump, { "shadowing-rule": "error" }).codes, ["error shadowing-rule"]);
    assert.deepEqual(found(dump, { "shadowing-rule": "hint" }).codes, ["hint shadowing-rule"]);
    assert.deepEqual(found(dump, { "shadowing-rule": "off" }).codes, []);
    assert.deepEqual(found(dump, { "unknown-table": "off" }).codes, ["warning shadowing-rule"]);
  });

  it("do not make a fact of a guess", () => {
    const [node] = analyse([readFile({ file: "node.txt", text: dump })]).nodes;
    const finding = node?.findings[0]?.finding;
    assert.ok(finding);
    const doubtful = { ...finding, confidence: "conditional", severity: "information" } as const;
    assert.equal(atLevel(doubtful, { "shadowing-rule": "error" })?.severity, "information");
    assert.equal(atLevel(doubtful, { "shadowing-rule": "hint" })?.severity, "hint");
    assert.equal(atLevel(doubtful, { "shadowing-rule": "off" }), undefined);
  });

  it("are read from settings, and what means nothing is said", () => {
    assert.deepEqual(readLevels({ "shadowing-rule": "off", nothing: "off", "unknown-table": "loud" }), {
      levels: { "shadowing-rule": "off" },
      problems: [
        "There is no finding `nothing`.",
        "`loud` is no level. There are: error, warning, information, hint, off.",
      ],
    });
    for (const value of [undefined, null, 7, "off"]) assert.deepEqual(readLevels(value), { levels: {}, problems: [] });
    assert.deepEqual(readLevels(JSON.parse('{"__proto__":"off"}')).levels, {});
  });
});

describe("comments that silence findings", () => {
  const rule = "30000:";

  for (const comment of [
    "# packetwalk: ignore shadowing-rule",
    "// packetwalk: ignore shadowing-rule",
    "  # packetwalk: ignore unknown-table, shadowing-rule",
    "#packetwalk: ignore",
    "# packetwalk: ignore shadowing-rule\r",
    "# packetwalk: ignore shadowing-rule\n# packetwalk: ignore unknown-table",
  ]) {
    it(`${JSON.stringify(comment)} above the line, and the dump is read as without it`, () => {
      assert.deepEqual(found(withLine(comment, rule)), { codes: [], suppressed: 1, rules: 3 });
    });
  }

  for (const [why, text] of [
    ["another code", withLine("# packetwalk: ignore unknown-table", rule)],
    ["another line", withLine("# packetwalk: ignore shadowing-rule", "32766:")],
    ["a line between", withLine("# packetwalk: ignore shadowing-rule\n# why", rule)],
    ["no comment of its own", withLine("see packetwalk: ignore shadowing-rule", rule)],
    ["something behind it", withLine("# packetwalk: ignore shadowing-rule!", rule)],
  ] as const) {
    it(`is not heard: ${why}`, () => {
      assert.deepEqual(found(text).codes, ["warning shadowing-rule"]);
    });
  }

  it("silences a whole file", () => {
    assert.equal(found(`${dump}# packetwalk: ignore-file shadowing-rule\n`).suppressed, 1);
    assert.equal(found(`# packetwalk: ignore-file\n${dump}`).suppressed, 1);
    assert.equal(found(`${dump}# packetwalk: ignore-file unknown-table\n`).suppressed, 0);
  });

  it("takes linear time on a text that is nothing but comments", () => {
    const text = `${"# packetwalk: ignore a\n".repeat(200_000)}${"packetwalk: ignore ".repeat(100_000)}`;
    const start = performance.now();
    readSuppressions(text);
    assert.ok(performance.now() - start < 5_000);
  });
});
