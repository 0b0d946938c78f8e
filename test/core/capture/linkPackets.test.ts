import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Packet } from "../../../server/src/core/capture/packet.js";
import { buildCase } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";
import { type Disturbance, playCapture } from "../../generate/playCapture.js";
import { readScenarios } from "../../generate/scenario.js";

/** IPv6 from pods of node a to pods of node b: TCP packets of one flow, datagrams of several, some of them alike. */
const [scenario] = readScenarios(`=== IPv6 between two nodes
--- tcp [fd00:1::5]:40000 > [fd00:2::9]:80 SYN
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- tcp [fd00:1::5]:40000 > [fd00:2::9]:80 ACK
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- tcp [fd00:1::5]:40000 > [fd00:2::9]:80 ACK
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- udp [fd00:1::5]:50000 > [fd00:2::9]:53 request
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- udp [fd00:1::6]:50001 > [fd00:2::9]:53 request
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- udp [fd00:1::7]:50002 > [fd00:2::9]:53 request
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- udp [fd00:1::7]:50002 > [fd00:2::9]:53 request
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
--- icmpv6 [fd00:1::8] > [fd00:2::9] EchoRequest
a (pod) from-endpoint to-network (wire) => sent
b (wire) from-network to-endpoint (pod) => delivered
`);

/** The packets of both nodes, as one case has them. */
function packetsOf(disturbance: Disturbance): Packet[] {
  const files = ["a", "b"].map((node, index) => {
    const text = scenario ? playCapture(scenario, node, { ...disturbance, seed: disturbance.seed + index }).text : "";
    return readFile({ file: `case/${node}/monitor.log`, text });
  });
  return buildCase(files)
    .nodes.flatMap(({ traces }) => traces.map(({ packet }) => packet))
    .filter(({ headers }) => headers?.ip?.src.family === 6);
}

/** What tells a packet of the scenario, but for the two datagrams that are alike. */
function truth({ headers }: Packet): string {
  const l4 = headers?.l4;
  if (!l4) return "none";
  return "sport" in l4 ? `${l4.protocol} ${l4.sport} ${"seq" in l4 ? l4.seq : ""}` : l4.protocol;
}

function linksOf(packets: readonly Packet[]) {
  return packets.flatMap((from) => {
    const to = packets.find(
      ({ file, number }) => file === from.continuedBy?.file && number === from.continuedBy.number,
    );
    return to ? [{ from, to }] : [];
  });
}

const disturbances = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  noise: fc.boolean(),
  reorder: fc.boolean(),
  loss: fc.constantFrom(0, 0, 0.1, 0.4),
  aggregated: fc.boolean(),
});

describe("linkPackets, IPv6", () => {
  it("links no two packets that differ, and says how sure each link is", () => {
    fc.assert(
      fc.property(disturbances, (disturbance) => {
        for (const { from, to } of linksOf(packetsOf(disturbance))) {
          assert.equal(truth(from), truth(to));
          assert.ok(from.file !== to.file && to.continues?.number === from.number);
          if (from.headers?.l4?.protocol !== "tcp") assert.equal(from.continuedBy?.isUnsure, true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("links every packet where both captures are whole, in whatever order CPUs are read", () => {
    fc.assert(
      fc.property(disturbances, (disturbance) => {
        const links = linksOf(packetsOf({ ...disturbance, loss: 0, aggregated: false }));
        assert.equal(links.length, 8);
        const alike = links.filter(({ from }) => truth(from).startsWith("udp 50002"));
        assert.ok(alike.every(({ from }) => from.continuedBy?.among === 2));
      }),
      { numRuns: 20 },
    );
  });
});
