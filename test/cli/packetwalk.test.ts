import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertSchema } from "./assertSchema.js";
import { runPacketwalk as packetwalk } from "./runPacketwalk.js";

describe("packetwalk", function () {
  this.timeout(120_000);
  const story = "samples/story";

  it("explain tells the story: the walk, where it parts, the rule, the fix, its proof, the walk with the fix", () => {
    const { code, out } = packetwalk(["explain", story]);
    assert.equal(code, 0);
    for (const part of [
      "4 packets, 1 of them broken",
      "here they part",
      "Rule 32760 decides: default of table 100, to eth0 via 10.10.40.254",
      "from-host (cilium_host)",
      "samples/story/node.txt:14:1",
      "ip rule add from 10.10.40.222 to 171.0.1.0/24 lookup main priority 32759",
      "after:  cilium_host via 171.0.1.150 (table main)",
      "Walked again with it: ICMP echo reply from 10.10.40.222 to 171.0.1.83: Delivered to endpoint 1177.",
      "suppress_prefixlength 0",
    ]) {
      assert.ok(out.includes(part), `"${part}" is missing in:\n${out}`);
    }
  });

  it("check prints findings as compilers do, and fails", () => {
    const { code, out } = packetwalk(["check", story]);
    assert.equal(code, 1);
    assert.match(out, /^samples\/story\/node\.txt:14:1: warning: Rule 32760 .* \[shadowing-rule\]$/m);
    assert.match(out, /^ {2}32760: from 10\.10\.40\.222 lookup 100\n {2}\^{35}$/m);
    assert.match(out, /^samples\/story\/broken\.log:7:\d+: error: .* \[diverged-path\]$/m);
    assert.equal(packetwalk(["check", story, "--fail-on", "never"]).code, 0);
    assert.equal(packetwalk(["check", `${story}/normal.log`]).code, 0);
  });

  it("check --json keeps its contract", () => {
    const { code, out } = packetwalk(["check", story, "--json"]);
    assert.equal(code, 1);
    const report = JSON.parse(out);
    assertSchema("check", report);
    const rule = report.findings.find((finding: { code: string }) => finding.code === "shadowing-rule");
    assert.equal(rule.line, 14);
    assert.deepEqual(rule.fixes[0].proof.sideEffects, []);
    assert.equal(rule.fixes[0].proof.before.dev, "eth0");
    assert.equal(rule.fixes[0].proof.after.dev, "cilium_host");
    assert.equal(rule.fixes[0].proof.flow.dst, "171.0.1.83");
  });

  it("route get answers in the form of ip route get", () => {
    const { code, out } = packetwalk([
      "route",
      "get",
      "171.0.1.83",
      "from",
      "10.10.40.222",
      "iif",
      "eth0",
      "--state",
      story,
    ]);
    assert.equal(code, 0);
    assert.match(out, /^171\.0\.1\.83 from 10\.10\.40\.222 via 10\.10\.40\.254 dev eth0 table 100\n/);
    assert.match(out, /32760: from 10\.10\.40\.222 lookup 100\n +matches and decides/);
    assert.match(out, /9: from all fwmark 0x200\/0xf00 lookup 2004\n +does not match: fwmark 0 is not 0x200\/0xf00/);
  });

  it("route get --json keeps its contract, alone and in a batch", () => {
    const one = JSON.parse(packetwalk(["route", "get", "171.0.1.150", "--json", "--state", story]).out);
    assertSchema("routeGet", one);
    assert.equal(one.type, "local");
    const missing = JSON.parse(
      packetwalk(["route", "get", "1.1.1.1", "mark", "0x200", "--json", "--state", story]).out,
    );
    assertSchema("routeGet", missing);
    assert.equal(missing.error, "missing-evidence");
    const folder = mkdtempSync(join(tmpdir(), "packetwalk-batch-"));
    try {
      writeFileSync(join(folder, "queries"), "171.0.1.9\n171.0.1.83 from 10.10.40.222 iif eth0\nnonsense\n");
      const { out } = packetwalk(["route", "get", "--batch", join(folder, "queries"), "--json", "--state", story]);
      const answers = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        answers.map((answer) => answer.dev ?? answer.error),
        ["cilium_host", "eth0", "usage"],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("route get branches on a field that is left open", () => {
    const words = [
      "route",
      "get",
      "171.0.1.83",
      "from",
      "10.10.40.222",
      "iif",
      "eth0",
      "mark",
      "unknown",
      "--state",
      story,
    ];
    const { out } = packetwalk(words);
    assert.match(out, /^If fwmark & 0xf00 = 0x200 \(rule 9\):\n {2}The dumps do not tell: .*2004.*\nOtherwise:\n/);
    assert.match(out, /Rule 32760 decides: default of table 100/);
    const answer = JSON.parse(packetwalk([...words, "--json"]).out);
    assertSchema("routeGet", answer);
    assert.equal(answer.ifMet.error, "missing-evidence");
    assert.equal(answer.ifNot.ifNot.dev, "eth0");
  });

  it("fix prints scripts to be reviewed", () => {
    const { code, out } = packetwalk(["fix", story]);
    assert.equal(code, 0);
    assert.match(out, /^ip rule add from 10\.10\.40\.222 to 171\.0\.1\.0\/24 lookup main priority 32759$/m);
    assert.match(packetwalk(["fix", `${story}/normal.log`]).out, /no fix/);
  });

  it("flows and path list and walk packets", () => {
    const { out } = packetwalk(["flows", "--packets", story]);
    assert.match(out, /^ +1 +broken +ICMP echo reply from 10\.10\.40\.222 to 171\.0\.1\.83/);
    assert.match(
      packetwalk(["path", story, "--packet", "1"]).out,
      /Packet 1 \(number 2 of its capture\)\n.*echo reply/,
    );
    assert.equal(JSON.parse(packetwalk(["flows", "--packets", story, "--broken", "--json"]).out).flows.length, 1);
  });

  it("decode reads standard input, a line an event, what can't be read in its place", () => {
    const input = `${readFileSync(`${story}/normal.log`, "utf8")}{"cpu":"CPU 01:","type":"trace","mark\n`;
    const lines = packetwalk(["decode", "-", "--json"], { input })
      .out.trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(lines.filter(({ type }) => type === "trace").length, 6);
    assert.equal(lines.at(-1).type, "problem");
    assert.equal(lines.at(-1).line, 10);
    assert.match(lines[0].sentence, /171\.0\.1\.83/);
  });

  it("says what is wrong with its input, and exits with 2", () => {
    const nowhere = packetwalk(["check", "no/such/file"]);
    assert.deepEqual([nowhere.code, nowhere.err], [2, "packetwalk: no/such/file: no such file or folder\n"]);
    assert.equal(packetwalk(["check"]).code, 2);
    assert.equal(packetwalk(["check", story, "--fail-on", "sometimes"]).code, 2);
    assert.equal(packetwalk(["route", "get", "here", "--state", story]).code, 2);
    assert.equal(packetwalk(["nonsense"]).code, 2);
    assert.match(packetwalk(["check", "syntaxes"]).err, /no cilium monitor log and no ip rule/);
    const stranger = packetwalk(["check", "LICENSE"]);
    assert.deepEqual([stranger.code, stranger.out], [2, ""]);
    const beside = packetwalk(["check", "LICENSE", story]);
    assert.equal(beside.code, 1);
    assert.match(beside.err, /^packetwalk: LICENSE: no cilium monitor log/);
    assert.equal(packetwalk(["path", story, "--packet", "99"]).code, 2);
    assert.match(packetwalk(["route", "get", "1.1.1.1", "--state", "LICENSE"]).err, /LICENSE: no cilium monitor log/);
  });

  it("reads UTF-16, as PowerShell writes it", () => {
    const folder = mkdtempSync(join(tmpdir(), "packetwalk-utf16-"));
    try {
      const file = join(folder, "node.txt");
      writeFileSync(file, `\ufeff${readFileSync(`${story}/node.txt`, "utf8")}`, "utf16le");
      const { out } = packetwalk(["check", file]);
      assert.match(out, /node\.txt:14:1: warning: Rule 32760 takes packets away/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes each folder of a case for a node", () => {
    const folder = mkdtempSync(join(tmpdir(), "packetwalk-case-"));
    try {
      for (const node of ["node-a", "node-b"]) cpSync(story, join(folder, node), { recursive: true });
      const report = JSON.parse(packetwalk(["check", folder, "--json"]).out);
      assert.deepEqual(
        report.nodes.map(({ name }: { name: string }) => name),
        ["node-a", "node-b"],
      );
      assert.match(packetwalk(["route", "get", "1.1.1.1", "--state", folder]).err, /several nodes/);
      assert.equal(packetwalk(["route", "get", "1.1.1.1", "--state", folder, "--node", "node-b"]).code, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("check takes the version of Cilium, and refuses what is none", () => {
    const drop = '{"cpu":"CPU 01:","type":"drop","reason":"Policy denied","File":105,"Line":1328}';
    const decided = (version: string) => packetwalk(["check", "-", "--cilium-version", version], { input: drop }).out;
    assert.match(decided("1.18.3"), /nodeport\.h/);
    assert.match(decided("1.19"), /lb\.h/);
    const refused = packetwalk(["check", "-", "--cilium-version", "latest"], { input: drop });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /must be a version such as 1\.16/);
  });
});
