import assert from "node:assert/strict";
import { mayBeOurs } from "../../../client/src/mayBeOurs.js";
import { looksLikeCapture } from "../../../server/src/core/monitor/looksLikeCapture.js";
import { drawnCases } from "./drawnCases.js";

describe("looksLikeCapture", () => {
  const captures = [
    '{"flow":{"verdict":"FORWARDED","event_type":{"type":4}},"node_name":"n1"}',
    '{"cpu":"CPU 01:","type":"debug","message":"x"}',
    "Press Ctrl-C to quit\n\nCPU 03: Lost 42 events\n",
    "Jan  2 15:04:05.000: 10.1.0.7:1 (ID:4711) -> 192.0.2.9:2 (world) to-stack FORWARDED (UDP)",
    "2026-01-02T15:04:05Z [n1]: 10.1.0.7:1 (ID:4711) <> 192.0.2.9:2 (world) pre-xlate-fwd TRACED (TCP)",
    "Jan  2 15:04:05.000   10.1.0.7:1   192.0.2.9:2   to-stack   FORWARDED   UDP",
    "  TIMESTAMP: Jan  2 15:04:05.000\n     SOURCE: 10.1.0.7:1\nDESTINATION: 192.0.2.9:2\n       TYPE: to-stack\n    VERDICT: FORWARDED\n    SUMMARY: UDP\n",
    '{"skb":"0xffff9a8b12345678","cpu":3,"process":"curl:4242","func":"ip_rcv"}',
    "0xffff9a8b12345678 3   <empty>:0        4026531840 0   eth0:2   0x0800 1500  60  10.1.0.7:1->192.0.2.9:2(tcp) ip_rcv",
    '$ cilium monitor -j\n{"type":"agent","subtype":"Message","message":{}}',
  ];
  for (const text of captures) it(`yes: ${JSON.stringify(text)}`, () => assert.equal(looksLikeCapture(text), true));

  it("whatever is a capture, the client finds worth asking about", () => {
    const drawn = ["captures", "hubble", "pwru"].flatMap((name) => drawnCases(`monitor/${name}.txt`));
    const lines = drawn.flatMap(({ input }) => input.split("\n")).filter(looksLikeCapture);
    assert.ok(lines.length > 100);
    assert.deepEqual(
      [...captures, ...lines].filter((text) => !mayBeOurs(text)),
      [],
    );
  });

  const others = [
    "",
    "Jan  2 15:04:05 host kernel: eth0: link up (1) -> up (2)",
    "2026-01-02T15:04:05Z INFO shop: order (4711) -> basket (4712) FORWARDED",
    '{"time":"2026-01-02T15:04:05Z","level":"INFO","msg":"ready"}',
    "TIMESTAMP   LEVEL   MESSAGE",
    "0xdeadbeef 1 task",
    "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n",
    '{"name":"package","version":"1.0.0","type":"module"}',
    '{"type":"FeatureCollection"}',
    '[{"type":"trace"}]',
    '{"type":"trace"}',
    "default via 192.0.2.1 dev eth0",
    `${"x\n".repeat(60)}{"type":"debug","message":"too far down"}`,
  ];
  for (const text of others)
    it(`no: ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(looksLikeCapture(text), false));
});
