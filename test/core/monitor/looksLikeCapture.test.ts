import assert from "node:assert/strict";
import { looksLikeCapture } from "../../../server/src/core/monitor/looksLikeCapture.js";

describe("looksLikeCapture", () => {
  const captures = [
    '{"flow":{"verdict":"FORWARDED","event_type":{"type":4}},"node_name":"n1"}',
    '{"cpu":"CPU 01:","type":"debug","message":"x"}',
    "Press Ctrl-C to quit\n\nCPU 03: Lost 42 events\n",
    '$ cilium monitor -j\n{"type":"agent","subtype":"Message","message":{}}',
  ];
  for (const text of captures) it(`yes: ${JSON.stringify(text)}`, () => assert.equal(looksLikeCapture(text), true));

  const others = [
    "",
    "Jan  2 15:04:05.000: 10.1.0.7:1 (ID:4711) -> 192.0.2.9:2 (world) to-stack FORWARDED (UDP)",
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
