import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log, Region } from "sarif";
import { analyse, readFile } from "../../server/src/core/index.js";

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

function packetwalk(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["out/server/src/cli/main.js", ...words], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

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
      const prose = report.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "").replace(/(`+)(?:(?!\1)[\s\S])+?\1/g, "");
      assert.doesNotMatch(prose, /(?<!\\)</);
    });
  });

  it("writes one HTML file without script, with a strict policy that its own style fulfils", () => {
    for (const out of [
      packetwalk(["check", story, "--format", "html"]).out,
      withDump(hostile, (path) => packetwalk(["check", path, "--format", "html"]).out),
    ]) {
      const style = /<style>([\s\S]*?)<\/style>/.exec(out)?.[1] ?? "";
      const hash = createHash("sha256").update(style).digest("base64");
      assert.ok(out.includes(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`));
      assert.match(style, /prefers-color-scheme: dark/);
      const tags = new Set([...out.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name));
      for (const name of ["script", "img", "link", "iframe"]) assert.ok(!tags.has(name), name);
      assert.doesNotMatch(out, /\son\w+=|\shref=|\ssrc=/i);
    }
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

  it("counts what comments silence", () => {
    const text = `${hostile}\n# packetwalk: ignore-file\n`;
    const silenced = analyse([readFile({ file: "node.txt", text })]).nodes[0]?.suppressed ?? 0;
    assert.ok(silenced > 0);
    withDump(text, (path) => {
      const { code, out } = packetwalk(["check", path]);
      assert.equal(code, 0);
      assert.match(
        out,
        new RegExp(`^Nothing found in 1 files\\. ${silenced} more (?:is|are) silenced by comments\\.$`, "m"),
      );
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
    const { code, err } = packetwalk(["fix", story, "--verify-kernel"], { PATH: "" });
    assert.equal(code, 2);
    assert.match(err, /^packetwalk: the kernel can't be asked: unshare cannot be run/);
  });
});

describe("packetwalk script capture", () => {
  function capture(...words: string[]) {
    return packetwalk(["script", "capture", ...words]);
  }

  it("writes a script that a shell can read, for the node itself and by kubectl", () => {
    for (const words of [[], ["--node", "worker-1"], ["--pod", "cilium-x7k2p"]]) {
      const { code, out } = capture(...words);
      assert.equal(code, 0);
      const { status, stderr } = spawnSync("sh", ["-n"], { input: out, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    }
    assert.match(capture("--node", "worker-1").out, /spec\.nodeName=\$node/);
    assert.doesNotMatch(capture().out, /kubectl/);
  });

  it("refuses names that Kubernetes would not take", () => {
    for (const name of ["a;b", "-x", "$(id)", ""]) assert.equal(capture("--node", name).code, 2, name);
  });

  it("takes dumps that Packetwalk reads", function () {
    this.timeout(60_000);
    if (spawnSync("ip", ["-V"]).status !== 0) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "packetwalk-capture-"));
    try {
      const { status, stderr } = spawnSync("sh", ["-s"], {
        cwd: folder,
        input: capture().out,
        encoding: "utf8",
        env: { ...process.env, CAPTURE_SECONDS: "1" },
      });
      assert.equal(status, 0, stderr);
      const report = JSON.parse(packetwalk(["explain", folder, "--json"]).out) as { nodes: { missing: string[] }[] };
      assert.equal(report.nodes.length, 1);
      assert.ok(
        !report.nodes[0]?.missing.some((sentence) => sentence.includes("No dump of this folder shows the rules")),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
