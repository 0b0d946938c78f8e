import assert from "node:assert/strict";
import { columnsOfEvents } from "../../../server/src/core/capture/columns/columnsOfEvents.js";
import { createNames } from "../../../server/src/core/capture/columns/names.js";
import { joinColumns } from "../../../server/src/core/capture/joining/joinColumns.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { lossPlaces, wholeSegment } from "../../../server/src/core/scan/captureSegment.js";
import { conversationTable } from "../../../server/src/core/scan/conversationTable.js";
import { nodeEvidence } from "../../../server/src/core/scan/nodeEvidence.js";
import { packetClasses } from "../../../server/src/core/scan/packetClasses.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";

/** Packets that come in from outside, one line each as `cilium monitor` prints them: `192.0.2.1:80 -> 10.0.0.1:443`. */
function classesOf(dump: string, packets: readonly string[]): number[] {
  const text = packets
    .map(
      (ends) =>
        `<- network flow 0x0 , identity world->unknown state unknown ifindex eth0 orig-ip 0.0.0.0: ${ends} tcp SYN`,
    )
    .join("\n");
  const names = createNames();
  const columns = columnsOfEvents(readCapture("monitor.log", text).events, names);
  const joined = joinColumns(columns, mayFollowPoints);
  assert.equal(joined.count, packets.length);
  const state = mergeNode("node", [readTranscript("node.txt", dump)]);
  const capture = {
    segments: wholeSegment(columns, joined),
    joined,
    conversations: conversationTable(joined),
    names,
    evidence: nodeEvidence(columns),
    losses: lossPlaces(columns),
  };
  const { classOf } = packetClasses(capture, state);
  return [...classOf];
}

/** A last packet ends the capture, which is of another class for that alone. */
const last = "203.0.113.9:1 -> 203.0.113.10:1";

describe("packetClasses", () => {
  const dump = `$ ip rule show
0: from all lookup local
100: from 198.51.100.0/25 lookup 100
200: from all to 10.9.0.0/16 lookup 100
32766: from all lookup main
$ ip route show table 100
default via 192.0.2.1 dev eth0
$ ip route show
default via 192.0.2.1 dev eth0
10.1.0.0/16 dev cilium_host`;

  it("puts packets together that no rule or route tells apart", () => {
    const [a, b] = classesOf(dump, ["203.0.113.1:1000 -> 10.1.0.1:80", "203.0.113.2:1001 -> 10.1.0.2:80", last]);
    assert.equal(a, b);
  });

  it("tells packets apart by the region of their source", () => {
    const [a, b] = classesOf(dump, ["203.0.113.1:1000 -> 10.1.0.1:80", "198.51.100.2:1001 -> 10.1.0.2:80", last]);
    assert.notEqual(a, b);
  });

  it("tells packets apart by the region of their destination", () => {
    const [a, b] = classesOf(dump, ["203.0.113.1:1000 -> 10.1.0.1:80", "203.0.113.2:1001 -> 10.9.0.2:80", last]);
    assert.notEqual(a, b);
  });

  it("tells packets apart by their ports only where a rule asks for ports", () => {
    const packets = ["203.0.113.1:1000 -> 10.1.0.1:80", "203.0.113.2:1000 -> 10.1.0.2:81", last];
    const [a, b] = classesOf(dump, packets);
    assert.equal(a, b);
    const asking = dump.replace("100: from 198.51.100.0/25", "100: from 198.51.100.0/25 ipproto tcp dport 80");
    const [c, d] = classesOf(asking, packets);
    assert.notEqual(c, d);
  });
});
