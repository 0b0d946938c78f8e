import assert from "node:assert/strict";
import { joinAcrossNodes } from "../../../server/src/core/path/acrossNodes.js";
import type { Hop, Trace } from "../../../server/src/core/path/trace.js";
import { playCapture } from "../../generate/playCapture.js";
import { readScenarios } from "../../generate/scenario.js";
import { isSeen, tracesOf, walkCapture } from "./recovered.js";

/** The traces of the one packet of a scenario, by node, linked as captures of one case are. */
function linkedTraces(text: string): Trace[] {
  const [scenario] = readScenarios(text);
  assert.ok(scenario);
  const traces = ["a", "b"].flatMap((node) => {
    const capture = playCapture(scenario, node, { seed: 1 });
    return capture.walks.flatMap((played) => tracesOf(walkCapture(scenario, capture), played));
  });
  const [sent, received] = traces.map(({ packet }) => ({ file: packet.file, number: packet.number, by: "IP id" }));
  assert.ok(sent && received);
  return traces.map((trace, index) => ({
    ...trace,
    packet: { ...trace.packet, ...(index === 0 ? { continuedBy: received } : { continues: sent }) },
  }));
}

function words(hops: readonly Hop[] | undefined): string {
  return (hops ?? [])
    .map((hop) => `${hop.node === undefined ? "" : `${hop.node}:`}${isSeen(hop) ? hop.place : `(${hop.place})`}`)
    .join(" ");
}

describe("joinAcrossNodes", () => {
  it("puts the hops of both nodes in order, with one wire between", () => {
    const traces = joinAcrossNodes(
      linkedTraces(`=== two nodes
--- tcp 10.1.0.5:40000 > 10.2.0.9:80 SYN
a (pod) from-endpoint to-stack (prerouting) (routing) (postrouting) to-network (wire) => sent
b (wire) from-network (prerouting) (routing) (postrouting) from-host to-endpoint (pod) => delivered
`),
      ({ file }) => file.slice(0, 1),
    );
    const whole =
      "a:(pod) a:from-endpoint a:to-stack a:(prerouting) a:(routing) a:(postrouting) a:to-network (wire) " +
      "b:from-network b:(prerouting) b:(routing) b:(postrouting) b:from-host b:to-endpoint b:(pod)";
    for (const { across } of traces) {
      assert.equal(words(across?.hops), whole);
      assert.equal(across?.disposition.type, "delivered");
      assert.equal(across?.node, "b");
    }
  });

  it("puts a wire between parts that show none", () => {
    const [sent] = joinAcrossNodes(
      linkedTraces(`=== two nodes, a tunnel
--- tcp 10.1.0.5:40000 > 10.2.0.9:80 SYN
a (pod) from-endpoint to-overlay (encapsulation) => sent
b (decapsulation) from-overlay to-endpoint (pod) => delivered
`),
      ({ file }) => file.slice(0, 1),
    );
    assert.equal(
      words(sent?.across?.hops),
      "a:(pod) a:from-endpoint a:to-overlay a:(encapsulation) (wire) b:(decapsulation) b:from-overlay b:to-endpoint b:(pod)",
    );
  });

  it("tells the parting on the last node", () => {
    const [sent] = joinAcrossNodes(
      linkedTraces(`=== lost on the second node
--- icmp 10.1.0.5:7 > 10.2.0.9 EchoReply
a (pod) from-endpoint to-stack (prerouting) (routing) (postrouting) to-network (wire) => sent
b (wire) from-network (prerouting) (routing) (postrouting) to-network (wire) => wrong-device
--- icmp 10.2.0.9:8 > 10.2.0.8 EchoRequest
b (pod) from-endpoint to-endpoint (pod) => delivered
`).slice(0, 2),
      ({ file }) => file.slice(0, 1),
    );
    const { across } = sent ?? {};
    assert.equal(across?.disposition.type, "wrong-device");
    assert.equal(across?.hops[across.parting ?? 0]?.node, "b");
    assert.deepEqual(across?.hops.slice(0, across.parting), across?.expected?.slice(0, across.parting));
  });

  it("takes a circle of links for what it is and ends", () => {
    const traces = linkedTraces(`=== two nodes
--- tcp 10.1.0.5:40000 > 10.2.0.9:80 SYN
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
`);
    const [first, second] = traces.map(({ packet }) => ({ file: packet.file, number: packet.number, by: "" }));
    assert.ok(first && second);
    const circle = traces.map((trace, index) => {
      const other = index === 0 ? second : first;
      return { ...trace, packet: { ...trace.packet, continues: other, continuedBy: other } };
    });
    for (const { across } of joinAcrossNodes(circle, () => "n")) assert.ok((across?.hops.length ?? 0) > 0);
  });
});
