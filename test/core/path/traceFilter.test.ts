import assert from "node:assert/strict";
import { parsePrefix } from "../../../server/src/core/net/prefix.js";
import { passesFilter, type TraceFilter } from "../../../server/src/core/path/traceFilter.js";
import { playCapture } from "../../generate/playCapture.js";
import { readScenarios } from "../../generate/scenario.js";
import { tracesOf, walkCapture } from "./recovered.js";

const [scenario] = readScenarios(`=== some packets
--- tcp 10.1.0.5:40000 > 10.1.0.6:80 SYN
a (pod) from-endpoint to-endpoint (pod) => delivered
--- tcp 10.1.0.5:40001 > 198.51.100.7:443 SYN
a (pod) from-endpoint to-stack (prerouting) (routing) (postrouting) src=192.0.2.10 to-network (wire) => sent
--- udp 10.1.0.7:50000 > 10.1.0.53:53 request
a (pod) from-endpoint to-proxy => delivered
--- udp 10.1.0.53:53 > 10.1.0.7:50000 reply
a (proxy-process) (routing) (postrouting) from-proxy to-endpoint (pod) => delivered
`);

/** Numbers, from 1, of the drawn packets that pass. */
function passing(filter: TraceFilter): number[] {
  assert.ok(scenario);
  const capture = playCapture(scenario, "a", { seed: 1 });
  const traces = walkCapture(scenario, capture);
  return capture.walks.flatMap((played, index) =>
    tracesOf(traces, played).some((trace) => passesFilter(trace, filter)) ? [index + 1] : [],
  );
}

function prefix(text: string) {
  const parsed = parsePrefix(text);
  assert.ok(parsed);
  return parsed;
}

describe("passesFilter", () => {
  it("lets everything pass that nothing is asked of", () => assert.deepEqual(passing({}), [1, 2, 3, 4]));

  it("takes an end at any place of the walk", () => {
    assert.deepEqual(passing({ src: prefix("10.1.0.5") }), [1, 2]);
    assert.deepEqual(passing({ src: prefix("192.0.2.10") }), [2]);
    assert.deepEqual(passing({ src: prefix("10.1.0.0/29"), dst: prefix("10.0.0.0/8") }), [1, 3]);
    assert.deepEqual(passing({ dst: prefix("fd00::/16") }), []);
  });

  it("takes a port of either end", () => assert.deepEqual(passing({ port: 53 }), [3, 4]));

  it("takes an endpoint, and not the proxy's port for one", () => {
    assert.deepEqual(passing({ endpoint: 76 }), [1]);
    assert.deepEqual(passing({ endpoint: 77 }), [3, 4]);
    assert.deepEqual(passing({ endpoint: 11_000 }), []);
  });

  it("takes a verdict", () => {
    assert.deepEqual(passing({ verdict: "forwarded" }), [1, 2, 3, 4]);
    assert.deepEqual(passing({ verdict: "redirected" }), [3]);
    assert.deepEqual(passing({ verdict: "sent" }), [2]);
    assert.deepEqual(passing({ verdict: "dropped" }), []);
  });
});
