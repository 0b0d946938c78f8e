import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPacketwalk } from "./runPacketwalk.js";

const capture = (...words: string[]) => runPacketwalk(["script", "capture", ...words]);

/** Programs that stand in for those of a cluster: what they are asked to run in the agent's pod runs here. */
const kubectl = `case "$*" in
  *"get pods"*"spec.nodeName=worker-1"*) echo pod/cilium-x7k2p ;;
  *"get configmap cilium-config -o yaml") echo '  enable-host-firewall: "true"'; echo '  routing-mode: native' ;;
  *"exec pod/cilium-x7k2p -c cilium-agent"*) while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac`;
const crictl = `case "$1" in
  ps) echo 0123456789abc ;;
  exec) [ "$2" = 0123456789abc ] || exit 1; shift 2; exec "$@" ;;
esac`;
const agent = `case "$*" in
  "endpoint list") cat <<'END'
ENDPOINT   POLICY (ingress)   POLICY (egress)   IDENTITY   LABELS (source:key[=value])   IPv6   IPv4        STATUS
           ENFORCEMENT        ENFORCEMENT
77         Disabled           Disabled          28075      k8s:app=web                          10.3.1.83   ready
END
  ;;
  "status --verbose") cat <<'END'
KVStore:                Ok   Disabled
Kubernetes:             Ok   1.30 (v1.30.1) [linux/amd64]
KubeProxyReplacement:   True   [eth0    10.3.1.2 (Direct Routing)]
Cilium:                 Ok   1.16.3 (v1.16.3-0123456789)
Routing:                Network: Native   Host: Legacy
END
  ;;
  "config --all") echo "#### Read-only configurations ####"; echo "EnableEndpointRoutes              : true" ;;
  "monitor -j") echo '{"cpu":"CPU 01:","type":"trace","observationPoint":"to-stack"}' ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac`;
const otherProgram = `echo "not the agent's: $*" >&2; exit 1`;

describe("packetwalk script capture", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-capture-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a script where these programs come first, and answers the folder that it filled. */
  function run(script: string, programs: Readonly<Record<string, string>>): string {
    const bin = join(folder, "bin");
    const out = join(folder, "out");
    for (const path of [bin, out]) mkdirSync(path);
    for (const [name, text] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const { status, stderr } = spawnSync("sh", ["-s"], {
      cwd: out,
      input: script,
      encoding: "utf8",
      env: { ...process.env, CAPTURE_SECONDS: "1", PATH: `${bin}:${process.env.PATH}` },
    });
    assert.equal(status, 0, stderr);
    const [filled, ...others] = readdirSync(out);
    assert.deepEqual([typeof filled, others], ["string", []]);
    return join(out, filled ?? "");
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

  for (const { title, words, programs } of [
    {
      title: "by kubectl, where the agent's command is cilium-dbg",
      words: ["--node", "worker-1"],
      programs: { kubectl, "cilium-dbg": agent, cilium: otherProgram },
    },
    {
      title: "by kubectl in a pod, where the agent's command is cilium",
      words: ["--pod", "cilium-x7k2p"],
      programs: { kubectl, cilium: agent },
    },
    { title: "on the node, in the agent's container", words: [], programs: { crictl, "cilium-dbg": agent } },
  ]) {
    it(`asks the agent for its endpoints, status, settings and packets: ${title}`, () => {
      const filled = run(capture(...words).out, programs);
      const text = (name: string): string => readFileSync(join(filled, name), "utf8");
      assert.match(text("endpoints.txt"), /^\$ cilium endpoint list\nENDPOINT .*\n.*\n77 .* ready\n$/);
      assert.match(text("cilium.txt"), /^\$ cilium status --verbose\nKVStore:[\s\S]*\n\$ cilium config --all\n####/);
      assert.match(text("cilium.txt"), /^EnableEndpointRoutes +: true$/m);
      assert.match(text("monitor.log"), /^\{.*"to-stack"\}\n$/);
      assert.equal(text("monitor-errors.txt"), "");
      const [node] = JSON.parse(runPacketwalk(["explain", filled, "--json"]).out).nodes;
      const stated = node.setUp.filter(({ file = "" }) => file.endsWith("cilium.txt"));
      assert.ok(stated.length > 0, JSON.stringify(node.setUp));
      const options = node.setUp.filter(({ file = "" }) => file.endsWith("cilium-config.yaml"));
      assert.equal(options.length > 0, "kubectl" in programs, JSON.stringify(node.setUp));
    });
  }

  it("takes dumps that Packetwalk reads, also where no agent is reached", function () {
    if (spawnSync("ip", ["-V"]).status !== 0) return this.skip();
    const filled = run(capture().out, {});
    const report = JSON.parse(runPacketwalk(["explain", filled, "--json"]).out) as { nodes: { missing: string[] }[] };
    assert.equal(report.nodes.length, 1);
    assert.ok(
      !report.nodes[0]?.missing.some((sentence) => sentence.includes("No dump of this folder shows the rules")),
    );
  });
});
