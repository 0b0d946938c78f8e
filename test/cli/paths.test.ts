import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playCapture } from "../generate/playCapture.js";
import { readScenarios } from "../generate/scenario.js";
import { assertSchema } from "./assertSchema.js";
import { runPacketwalk } from "./runPacketwalk.js";

const [scenario] = readScenarios(`=== three conversations
a endpointRoutes=false
--- tcp 10.1.0.5:40000 > 10.1.0.6:80 SYN
a (pod) from-endpoint to-endpoint (pod) => delivered
--- tcp 10.1.0.5:40001 > 10.2.0.9:443 SYN
a (pod) from-endpoint to-overlay (encapsulation) => sent
--- udp 10.1.0.7:50000 > 10.1.0.53:53 request
a (pod) from-endpoint to-proxy => delivered
--- udp 10.1.0.53:53 > 10.1.0.7:50000 reply
a (proxy-process) (routing) (postrouting) from-proxy to-endpoint (pod) => delivered
`);

describe("packetwalk flows and path", function () {
  this.timeout(120_000);
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-paths-"));
    mkdirSync(join(folder, "a"));
    if (scenario) writeFileSync(join(folder, "a", "monitor.log"), playCapture(scenario, "a", { seed: 1 }).text);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (...words: string[]) => runPacketwalk([...words, folder]);

  /** Ends of the packets that pass, without those of the tail that keeps the capture going. */
  function endsOf(...words: string[]): string[] {
    const { flows } = JSON.parse(run("flows", "--packets", "--json", ...words).out);
    return flows
      .map(({ src, sport, dst, dport }: Record<string, unknown>) => `${src}:${sport} > ${dst}:${dport}`)
      .filter((ends: string) => !ends.includes("10.1.0.200"))
      .sort();
  }

  const tunnel = "10.1.0.5:40001 > 10.2.0.9:443";
  const question = "10.1.0.7:50000 > 10.1.0.53:53";

  it("filter by what is asked for", () => {
    assert.deepEqual(endsOf("--src", "10.1.0.0/29", "--verdict", "sent", "--endpoint", "75"), [tunnel]);
    assert.deepEqual(endsOf("--port", "53", "--dst", "10.1.0.53"), [question]);
    assert.deepEqual(endsOf("--broken"), []);
  });

  it("sum up conversations: both directions, translations, the packet that fared worst", () => {
    const { conversations } = JSON.parse(run("flows", "--json", "--port", "53").out);
    assert.deepEqual(
      conversations.map(({ client, server, requests, replies, packets, status }: Record<string, unknown>) => {
        return { client, server, requests, replies, packets, status };
      }),
      [
        {
          client: { address: "10.1.0.7", port: 50000 },
          server: { address: "10.1.0.53", port: 53 },
          requests: { packets: 1, bytes: 74 },
          replies: { packets: 1, bytes: 74 },
          packets: [3, 4],
          status: "ok",
        },
      ],
    );
    const story = runPacketwalk(["flows", "samples/story"]).out.split("\n");
    assert.match(
      story[0] ?? "",
      /^ +1 {2}broken {3}ICMP 171\.0\.1\.83 > 10\.10\.40\.222: 1 request \(98 bytes\), 1 reply/,
    );
    assert.match(story[1] ?? "", /client 171\.0\.1\.83 becomes 10\.10\.40\.11/);
    assert.match(story[2] ?? "", /packet 1, one of 2, 1 astray: from-network > to-network - Left by eth0/);
  });

  it("refuse what is no address, port or verdict", () => {
    for (const words of [
      ["--src", "nowhere"],
      ["--port", "http"],
      ["--verdict", "fine"],
    ]) {
      const { code, err } = run("flows", ...words);
      assert.equal(code, 2, words.join(" "));
      assert.match(err, /^packetwalk: /);
    }
  });

  it("keep their contracts", () => {
    for (const [name, ...words] of [
      ["conversations", "flows"],
      ["flows", "flows", "--packets"],
      ["path", "path"],
    ] as const) {
      for (const place of [folder, "samples/story"]) {
        assertSchema(name, JSON.parse(runPacketwalk([...words, "--json", place]).out));
      }
    }
  });

  it("name the disposition and the ends of each packet", () => {
    const { flows } = JSON.parse(run("flows", "--packets", "--json", "--port", "443").out);
    assert.deepEqual(
      flows.map(({ disposition, src, dport, endpoints, states }: Record<string, unknown>) => {
        return { disposition, src, dport, endpoints, states };
      }),
      [{ disposition: "sent", src: "10.1.0.5", dport: 443, endpoints: [75], states: ["new"] }],
    );
  });
});
