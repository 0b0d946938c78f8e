import assert from "node:assert/strict";
import { buildCase, type CaseNode } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";
import { walkId } from "../../../server/src/core/explain/packet/explainPacket.js";
import { hubbleLine } from "../../generate/hubbleLine.js";
import { playWalk } from "../../generate/playWalk.js";
import { randomFrom } from "../../generate/random.js";
import { readScenarios } from "../../generate/scenario.js";

const [scenario] = readScenarios(`=== two nodes, a tunnel
--- udp 10.1.0.5:40000 > 10.2.0.9:53 request
a (pod) from-endpoint to-overlay (encapsulation) => sent
b (decapsulation) from-overlay to-endpoint (pod) => delivered
--- udp 10.1.0.6:40001 > 10.2.0.9:53 request
a (pod) from-endpoint to-overlay (encapsulation) => sent
b (decapsulation) from-overlay to-endpoint (pod) => delivered
`);

/** What Relay prints of the scenario: the events of both nodes, each node's in order, the nodes in any. */
function relayed(seed: number): string {
  const random = randomFrom(seed);
  const byNode = ["a", "b"].map((node) =>
    (scenario?.packets ?? []).flatMap((packet, index) =>
      packet.walks
        .filter((walk) => walk.node === node)
        .flatMap((walk) => playWalk(packet, walk, 100 + index).map(({ line }) => hubbleLine(line, node))),
    ),
  );
  const lines: string[] = [];
  while (byNode.some((left) => left.length > 0)) lines.push(...random.pick(byNode).splice(0, 1));
  return `${lines.join("\n")}\n`;
}

function walks({ traces }: CaseNode): string[] {
  return traces.map(({ packet, disposition }) => {
    const points = packet.events.map(({ event }) => (event.type === "trace" ? event.observationPoint : event.type));
    return `${points.join(" ")}: ${disposition.type}`;
  });
}

describe("a file of Hubble Relay", () => {
  it("is a capture of each node that it names, and no packet is joined across them", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { nodes } = buildCase([readFile({ file: "case/flows.json", text: relayed(seed) })]);
      const byName = new Map(nodes.map((node) => [node.name, walks(node)]));
      assert.deepEqual([...byName.keys()].sort(), ["a", "b"]);
      assert.deepEqual(byName.get("a"), ["from-endpoint to-overlay: sent", "from-endpoint to-overlay: sent"]);
      assert.deepEqual(byName.get("b"), ["from-overlay to-endpoint: delivered", "from-overlay to-endpoint: delivered"]);
      const ids = nodes.flatMap(({ traces }) => traces.map(walkId));
      assert.equal(new Set(ids).size, ids.length);
      const conversations = nodes.flatMap(({ traces }) => traces.map(({ packet }) => packet.conversation));
      assert.equal(new Set(conversations).size, 4);
    }
  });

  it("shows the way of a packet over both nodes, and says that addresses alone tell", () => {
    const { nodes } = buildCase([readFile({ file: "case/flows.json", text: relayed(3) })]);
    for (const { packet, across } of nodes.find(({ name }) => name === "a")?.traces ?? []) {
      assert.equal(packet.continuedBy?.isUnsure, true);
      assert.equal(across?.disposition.type, "delivered");
      assert.equal(across?.node, "b");
    }
  });

  it("goes to the nodes whose folders are there, beside their dumps", () => {
    const dump =
      "$ ip rule\n0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n";
    const { nodes } = buildCase([
      readFile({ file: "dump/a/rules.txt", text: dump }),
      readFile({ file: "dump/flows.json", text: relayed(1) }),
    ]);
    const a = nodes.find(({ name }) => name === "a");
    assert.equal(a?.files.length, 2);
    assert.equal(a?.traces.length, 2);
    assert.notEqual(a?.state.families[4].rules, undefined);
    assert.deepEqual(nodes.map(({ name }) => name).sort(), ["a", "b"]);
  });

  it("of one node is a capture of its folder, whatever that node is called", () => {
    const text = relayed(1).replaceAll("cluster/b", "cluster/a");
    assert.deepEqual(
      buildCase([readFile({ file: "case/flows.json", text })]).nodes.map(({ name }) => name),
      ["case"],
    );
  });
});
