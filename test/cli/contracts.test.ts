import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playCapture } from "../generate/playCapture.js";
import { readScenarios } from "../generate/scenario.js";
import { assertSchema } from "./assertSchema.js";
import { runPacketwalk } from "./runPacketwalk.js";

const [scenario] = readScenarios(`=== a conversation and a packet that a proxy takes
a endpointRoutes=false
--- tcp 10.1.0.5:40000 > 10.1.0.6:80 SYN
a (pod) from-endpoint to-endpoint (pod) => delivered
--- udp 10.1.0.7:50000 > 10.1.0.53:53 request
a (pod) from-endpoint to-proxy => delivered
`);

/** A rule that takes packets away from pods; one that nothing meets, with a fix of its own. */
const dump = `$ ip rule
0:	from all lookup local
100:	from 192.0.2.7 lookup 150
100:	from 192.0.2.7 lookup 150
32766:	from all lookup main
32767:	from all lookup default
$ ip route show table all
default via 192.0.2.1 dev eth0
10.3.1.0/24 via 10.3.1.200 dev cilium_host src 10.3.1.200
default via 192.0.2.1 dev eth0 table 150
$ cilium status --verbose
KVStore:                Ok   Disabled
KubeProxyReplacement:   True   [eth0    192.0.2.7 (Direct Routing)]
Routing:                Network: Tunnel [vxlan]   Host: Legacy
`;

const hubble = `${JSON.stringify({
  flow: {
    time: "2026-01-01T00:00:00Z",
    verdict: "DROPPED",
    drop_reason: 133,
    drop_reason_desc: "POLICY_DENIED",
    IP: { source: "10.3.1.83", destination: "192.0.2.7", ipVersion: "IPv4" },
    l4: { TCP: { source_port: 40000, destination_port: 80, flags: { SYN: true } } },
    event_type: { type: 1, sub_type: 133 },
  },
})}
`;

const pwru = `SKB                CPU PROCESS          NETNS      MARK/x        IFACE       PROTO  MTU   LEN   TUPLE FUNC
0xffff9a8b12345678 3   <empty>:0        4026531840 0            eth0:2      0x0800 1500  84    10.3.1.7:0->192.0.2.9:0(icmp) kfree_skb_reason(SKB_DROP_REASON_IP_RPFILTER)
`;

/** A verdict of policy, and lines of which something can't be read. */
const broken = `Policy verdict log: flow 0x0 local EP ID 91, remote ID 1121, proto 6, egress, action allow, auth: disabled, match none, 10.9.0.1:40000 -> 10.9.0.2:80 tcp SYN
{"cpu":"CPU 01:","type":"trace","mark
{"skb":"0xffff9a8b12345678","cpu":"three","func":"ip_rcv"}
`;

describe("the contracts of --json", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-contracts-"));
    mkdirSync(join(folder, "a"));
    const texts = { "node.txt": dump, "flows.json": hubble, "pwru.txt": pwru, "broken.log": broken };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, "a", name), text);
    if (!scenario) return;
    for (const [name, text] of [
      ["monitor.log", false],
      ["words.log", true],
    ] as const) {
      writeFileSync(join(folder, "a", name), playCapture(scenario, "a", { seed: 1, text }).text);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const printed = (verb: string, path: string) => JSON.parse(runPacketwalk([verb, path, "--json"]).out);

  it("explain keeps its own, on the story and on captures of every kind", () => {
    const story = printed("explain", "samples/story");
    assertSchema("explain", story);
    assert.ok(story.nodes[0].walks[0].expected, "the story shows the normal way");
    const all = printed("explain", folder);
    assertSchema("explain", all);
    const [node] = all.nodes;
    for (const file of ["flows.json", "monitor.log", "words.log"]) {
      assert.ok(
        node.walks.some((walk: { file: string }) => walk.file.endsWith(file)),
        `no walk of ${file}`,
      );
    }
    assert.ok(node.setUp.some((fact: { line?: number }) => fact.line !== undefined));
  });

  it("fix keeps its own, also where there is none", () => {
    for (const path of ["samples/story", folder]) {
      const report = printed("fix", path);
      assertSchema("fix", report);
      assert.ok(report.findings.length > 0, path);
    }
    const none = printed("fix", "samples/story/normal.log");
    assertSchema("fix", none);
    assert.deepEqual(none.findings, []);
  });

  it("decode keeps its own in every line, of events and of what can't be read", () => {
    const lines = runPacketwalk(["decode", "--json", join(folder, "a")])
      .out.trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const line of lines) assertSchema("decode", line);
    const types = new Set(lines.map(({ type }) => type));
    for (const type of ["trace", "drop", "pwru", "policy-verdict", "problem"]) assert.ok(types.has(type), type);
  });
});
