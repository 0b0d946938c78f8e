import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log, Region } from "sarif";
import { analyse, readFile } from "../../server/src/core/index.js";
import { runPacketwalk as packetwalk } from "./runPacketwalk.js";

const story = "samples/story";

/** A dump whose device and table names are hostile to whatever shows them. */
const hostile = `$ ip rule
0:	from all lookup local
30000:	from 192.0.2.7 lookup <img/src=x>
30001:	from 192.0.2.7 iif \`"'</pre><script> lookup 150
32766:	from all lookup main
$ ip route
default via 192.0.2.1 dev eth0
10.3.1.0/24 via 10.3.1.200 dev cilium_host src 10.3.1.200
$ ip route show table 150
default via 192.0.2.1 dev eth0
`;

/** A dump with a rule that is there twice, which a fix tidies up, and one whose table nobody dumped, which none does. */
const remarks = `$ ip rule
0:	from all lookup local
100:	from 192.0.2.8 lookup 151
100:	from 192.0.2.8 lookup 151
300:	from 192.0.2.9 lookup 160
32766:	from all lookup main
32767:	from all lookup default
$ ip route show table main
default via 192.0.2.1 dev eth0
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.8
$ ip route show table 151
default via 192.0.2.1 dev eth0
`;

function withDump<T>(text: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "packetwalk-report-"));
  try {
    writeFileSync(join(folder, "node.txt"), text);
    return use(join(folder, "node.txt"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What the SARIF 2.1.0 standard demands and a type cannot say: section 3.30 (regions), 3.27.5 and 3.52.4 (a result's rule), 3.4 (URI
 * references), 3.28.3 (related locations' ids).
 */
function assertSarif({ runs, version }: Log): void {
  assert.equal(version, "2.1.0");
  for (const { tool, results = [] } of runs) {
    const rules = tool.driver.rules ?? [];
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const { ruleId, ruleIndex = -1, locations = [], relatedLocations = [], message, rank = -1 } of results) {
      assert.equal(rules[ruleIndex]?.id, ruleId);
      assert.ok(message.text && rank >= 0 && rank <= 100);
      assert.equal(locations.length, 1);
      assert.deepEqual(
        relatedLocations.map(({ id }) => id),
        relatedLocations.map((_, index) => index),
      );
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        assert.match(physicalLocation?.artifactLocation?.uri ?? "", /^[^\\ ]+$/);
        assertRegion(physicalLocation?.region);
      }
    }
  }
}

function assertRegion(region: Region | undefined): void {
  const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region ?? {};
  assert.ok(startLine >= 1 && startColumn >= 1 && endLine >= startLine);
  assert.ok(endLine > startLine || endColumn >= startColumn);
}

/** Events whose names are hostile: a packet that comes in by a device which would like to be markup, and is sent out again. */
const hostileEvents = ["from-network", "to-network"]
  .map((observationPoint, at) =>
    JSON.stringify({
      cpu: "CPU 01:",
      type: "trace",
      ifindex: "<img src=x onerror=alert(1)>[x](https://evil.example)",
      state: "unknown",
      observationPoint,
      traceSummary: "<- network",
      bytes: 98,
      summary: {
        l3: { src: "192.0.2.7", dst: "10.3.1.83" },
        ipv4: `Id=7 TTL=${64 - at} SrcIP=192.0.2.7 DstIP=10.3.1.83 Protocol=UDP`,
      },
    }),
  )
  .join("\n");

/** Nothing of the input is markup: outside of code there is no bare `<`, and no link. */
function assertSafeMarkdown(report: string): void {
  const prose = report.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "").replace(/(`+)(?:(?!\1)[\s\S])+?\1/g, "");
  assert.doesNotMatch(prose, /(?<!\\)(?:<|\]\(|:\/\/)/);
}

/** One file that needs nothing besides: no script, nothing from elsewhere, and a policy that its own style fulfils. */
function assertSafeHtml(report: string): void {
  const style = /<style>([\s\S]*?)<\/style>/.exec(report)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.ok(report.includes(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`));
  assert.match(style, /prefers-color-scheme: dark/);
  const tags = new Set([...report.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name));
  for (const name of ["script", "img", "link", "iframe"]) assert.ok(!tags.has(name), name);
  assert.doesNotMatch(report, /<[^>]*\s(?:on\w+|href|src)=/i);
}

describe("packetwalk check, its formats and levels", function () {
  this.timeout(60_000);

  it("writes SARIF with rules, places, fingerprints and the fix", () => {
    const { code, out } = packetwalk(["check", story, "--format", "sarif"]);
    assert.equal(code, 1);
    const log = JSON.parse(out) as Log;
    assertSarif(log);
    const [run] = log.runs;
    const result = run?.results?.find(({ ruleId }) => ruleId === "shadowing-rule");
    assert.equal(result?.level, "warning");
    assert.deepEqual(result?.locations?.[0]?.physicalLocation?.artifactLocation, {
      uri: "samples/story/node.txt",
      uriBaseId: "%SRCROOT%",
    });
    assert.equal(result?.locations?.[0]?.physicalLocation?.region?.startLine, 14);
    assert.match(result?.message.text ?? "", /Fix \(simulated\).*\nip rule add from 10\.10\.40\.222 to/);
    assert.match(result?.partialFingerprints?.["packetwalk/v1"] ?? "", /^shadowing-rule:32760/);
    const rule = run?.tool.driver.rules?.find(({ id }) => id === "shadowing-rule");
    assert.match(rule?.help?.text ?? "", /Stays silent when:/);
    withDump(hostile, (path) => assertSarif(JSON.parse(packetwalk(["check", path, "--format", "sarif"]).out) as Log));
  });

  it("writes Markdown for a ticket, in which nothing of the input is markup", () => {
    const { out } = packetwalk(["check", story, "--format", "markdown"]);
    assert.match(out, /^# Packetwalk\n\n1 error, 1 warning in 3 files\.\n/);
    assert.match(out, /^## shadowing-rule in `samples\/story\/node\.txt:14`$/m);
    assert.match(out, /^```sh\nip rule add from 10\.10\.40\.222 to 171\.0\.0\.0\/24 lookup main priority 32758\n/m);
    withDump(hostile, (path) => {
      const report = packetwalk(["check", path, "--format", "markdown"]).out;
      assert.match(report, /^## /m);
      assertSafeMarkdown(report);
    });
  });

  it("writes one HTML file without script, with a strict policy that its own style fulfils", () => {
    assertSafeHtml(packetwalk(["check", story, "--format", "html"]).out);
    assertSafeHtml(withDump(hostile, (path) => packetwalk(["check", path, "--format", "html"]).out));
  });

  it("lets levels decide what fails", () => {
    const level = (...levels: string[]) => packetwalk(["check", story, ...levels.flatMap((each) => ["--level", each])]);
    assert.equal(level("shadowing-rule=off", "diverged-path=hint").code, 0);
    assert.equal(level("shadowing-rule=hint").code, 1);
    assert.match(level("shadowing-rule=off", "diverged-path=off").out, /^Nothing found in 3 files\.$/m);
    assert.equal(packetwalk(["check", story, "--level", "shadowing-rule=error", "--fail-on", "error"]).code, 1);
    for (const wrong of ["no-such-code=off", "shadowing-rule=loud", "shadowing-rule"]) {
      const { code, err } = level(wrong);
      assert.equal(code, 2, wrong);
      assert.match(err, /^packetwalk: /);
    }
  });

  it("shows no empty default for levels in its help", () => {
    assert.doesNotMatch(packetwalk(["check", "--help"]).out, /default: \{/);
  });

  it("counts what comments silence", () => {
    const text = `${hostile}\n# packetwalk: ignore-file\n`;
    const silenced = analyse([readFile({ file: "node.txt", text })]).nodes[0]?.suppressed ?? 0;
    assert.ok(silenced > 0);
    withDump(text, (path) => {
      const { code, out } = packetwalk(["check", path]);
      assert.equal(code, 0);
      assert.match(
        out,
        new RegExp(`^Nothing found in 1 file\\. ${silenced} more (?:is|are) silenced by comments\\.$`, "m"),
      );
    });
  });
});

describe("packetwalk explain, its formats", function () {
  this.timeout(60_000);

  it("tells the story as Markdown: what was found, its fix, and where the packet parted", () => {
    const { code, out } = packetwalk(["explain", story, "--format", "markdown"]);
    assert.equal(code, 0);
    const parts = [
      /^# Node story: 4 packets, 1 of them broken$/m,
      /^## shadowing-rule in `samples\/story\/node\.txt:14`$/m,
      /^```sh\nip rule add from 10\.10\.40\.222 to 171\.0\.0\.0\/24 lookup main priority 32758\n/m,
      /^Walked again with "Look up [^\n]*: Delivered to endpoint 1177\.$/m,
      /^## ICMP echo reply from 10\.10\.40\.222 to 171\.0\.1\.83$/m,
      /^\*\*Here they part\. What happened:\*\*\n\n4\. \*\*Policy routing\*\* - no event here\n {3}Rule 32760 decides/m,
      /^ {3}- `samples\/story\/node\.txt:14` \(rule 32760\): `32760: from 10\.10\.40\.222 lookup 100`$/m,
      /^\*\*What should have happened:\*\*\n\n4\. /m,
      /^## The other packets$/m,
      /^## The set-up of the node$/m,
    ];
    let from = 0;
    for (const part of parts) {
      const found = out.slice(from).search(part);
      assert.ok(found >= 0, `${part} is missing or out of order in:\n${out}`);
      from += found;
    }
  });

  it("tells it as one HTML file, with both ways side by side", () => {
    const { out } = packetwalk(["explain", story, "--format", "html"]);
    assertSafeHtml(out);
    assert.match(out, /<h3>What happened<\/h3><ol start="4">/);
    assert.match(out, /<h3>What should have happened<\/h3><ol start="4">/);
    assert.match(out, /<summary class="broken">ICMP echo reply from 10\.10\.40\.222/);
    assert.match(out, /Walked again with it/);
  });

  it("tells informations and hints with their fixes, apart from what is wrong", () => {
    withDump(remarks, (path) => {
      const { out } = packetwalk(["explain", path]);
      const [wrong = "", found = ""] = out.split("Also found\n==========\n");
      assert.match(found, /:4:1: This rule does the same as rule 100 .*\n.*\n.*\n\nFix: Delete rule 100\n/);
      assert.match(found, /:5:1: Rule 300 looks up .*\n(?:.*\n){2}\n(?!Fix)/);
      assert.doesNotMatch(wrong, /rule 100|Rule 300/);
      const { findings } = JSON.parse(packetwalk(["check", path, "--json"]).out) as { findings: { message: string }[] };
      assert.equal(findings.length, 2);
      for (const { message } of findings) assert.ok(found.includes(message), message);
      const markdown = packetwalk(["explain", path, "--format", "markdown"]).out;
      assert.match(markdown, /^- information duplicate-rule in .* Fix \(simulated\): `ip rule del from 192\.0\.2\.8 /m);
      assert.match(markdown, /^- information unknown-table in (?:(?!Fix).)*$/m);
    });
  });

  it("lets nothing of the input become markup", () => {
    withDump(`${hostile}\n${hostileEvents}\n`, (path) => {
      const markdown = packetwalk(["explain", path, "--format", "markdown"]).out;
      assert.match(markdown, /onerror/);
      assertSafeMarkdown(markdown);
      const html = packetwalk(["explain", path, "--format", "html"]).out;
      assert.match(html, /&lt;img src=x onerror/);
      assertSafeHtml(html);
    });
  });
});

describe("packetwalk fix --all-effects", function () {
  this.timeout(60_000);

  /** A source rule that takes packets away from a dozen pods. */
  const dump = [
    "$ ip rule",
    "0:\tfrom all lookup local",
    "100:\tfrom 192.0.2.7 lookup 150",
    "32766:\tfrom all lookup main",
    "$ ip route",
    "default via 192.0.2.1 dev eth0",
    ...Array.from({ length: 12 }, (_, at) => `10.3.${at}.0/24 via 10.3.1.200 dev cilium_host`),
    "$ ip route show table 150",
    "default via 192.0.2.1 dev eth0",
    "",
  ].join("\n");

  it("lists what is else only counted; --json lists it in any case", () => {
    withDump(dump, (path) => {
      const short = packetwalk(["fix", path]).out;
      assert.match(short, /^# +\.\.\. and 4 more, which `packetwalk fix --all-effects` lists\.$/m);
      assert.doesNotMatch(short, /^# +10\.3\.11\.\d+ from/m);
      const whole = packetwalk(["fix", path, "--all-effects"]).out;
      assert.match(whole, /^# +10\.3\.11\.\d+ from/m);
      assert.doesNotMatch(whole, /all-effects/);
      const { findings } = JSON.parse(packetwalk(["fix", path, "--json"]).out) as {
        findings: { fixes: { proof: { repairs: unknown[] } }[] }[];
      };
      assert.equal(findings[0]?.fixes[0]?.proof.repairs.length, 11);
    });
  });
});

describe("packetwalk fix --verify-kernel", function () {
  this.timeout(60_000);

  it("prints that the kernel agrees, or says why it can't be asked", () => {
    const { code, out, err } = packetwalk(["fix", story, "--verify-kernel"]);
    if (code === 2) return assert.match(err, /^packetwalk: the kernel can't be asked: /);
    assert.equal(code, 0, out);
    assert.match(out, /^The kernel agrees with (\d+) of \1 fixes\.$/m);
    assert.match(
      out,
      /after: {2}unicast 171\.0\.1\.0\/24 table main via 171\.0\.1\.150 dev cilium_host\n +undone: as before/,
    );
  });

  it("exits with 2 where there are no namespaces", () => {
    const { code, err } = packetwalk(["fix", story, "--verify-kernel"], { env: { PATH: "" } });
    assert.equal(code, 2);
    assert.match(err, /^packetwalk: the kernel can't be asked: unshare cannot be run/);
  });
});
