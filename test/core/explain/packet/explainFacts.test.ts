import assert from "node:assert/strict";
import { explainFacts } from "../../../../server/src/core/explain/packet/explainFacts.js";
import { playCapture } from "../../../generate/playCapture.js";
import { readScenarios } from "../../../generate/scenario.js";
import { nodeOf } from "../../path/recovered.js";

function factsOf(text: string, disturbance: { aggregated?: boolean } = {}): readonly string[] {
  const [scenario] = readScenarios(`=== a capture\n${text}`);
  assert.ok(scenario);
  const facts = explainFacts(nodeOf(scenario, playCapture(scenario, "a", { seed: 1, ...disturbance })));
  return facts
    .filter(({ title }) => !title.startsWith("Version"))
    .map(({ title, place }) => `${title}${place ? `, ${place.file}` : ""}`);
}

describe("explainFacts", () => {
  it("says what packets and rules show, and what stays open", () => {
    assert.deepEqual(
      factsOf(`a| $ ip rule
a| 1:	from all fwmark 0xd00/0xf00 lookup 200
a| 32766:	from all lookup main
--- tcp 198.51.100.7:443 > 192.0.2.10:40000 SYN ACK
a (wire) from-network (prerouting) (routing) (postrouting) dst=10.1.0.5 from-host to-endpoint (pod) => delivered
`),
      [
        "Monitor aggregation of monitor.log: none, a/monitor.log",
        "Host routing: by the kernel, a/monitor.log",
        "Endpoint routes: off, a/monitor.log",
        "Encryption between nodes: IPsec (at the native device, since 1.18), a/node.txt",
        "Between nodes: not known",
        "NodePort by BPF: not known",
        "Host firewall: not known",
        "Egress gateway or VTEP: not known",
        "Masquerading: not known",
      ],
    );
  });

  it("says that a capture is aggregated", () => {
    const [first] = factsOf(
      "--- tcp 10.1.0.5:40000 > 10.1.0.6:80 SYN\na (pod) from-endpoint to-endpoint (pod) => delivered\n",
      {
        aggregated: true,
      },
    );
    assert.equal(first, "Monitor aggregation of monitor.log: some, a/monitor.log");
  });
});
