import assert from "node:assert/strict";
import * as fc from "fast-check";
import { joinPackets } from "../../../server/src/core/capture/joinPackets.js";
import { linkErrors } from "../../../server/src/core/capture/linking/linkErrors.js";
import type { Packet } from "../../../server/src/core/capture/packet.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { errorBytes, hexLines, ipBytes, tcpBytes, udpBytes } from "../../generate/packetBytes.js";
import { randomFrom } from "../../generate/random.js";

const node = "192.0.2.10";

/** A capture of packets that leave, of errors about some of them, in turns; and which packet each error is about, by its number of IP. */
function played(seed: number, packets: number, lossPercent: number) {
  const random = randomFrom(seed);
  const about = new Map<number, number>();
  const rings: string[][] = [[], []];
  for (let index = 0; index < packets; index++) {
    const cpu = random.below(2);
    const isTcp = random.chance(0.5);
    const dst = `198.51.100.${1 + random.below(3)}`;
    const port = 40_000 + random.below(3);
    // Datagrams of connected sockets may have no identification: those of a flow look alike.
    const id = isTcp || random.chance(0.5) ? 100 + index : 0;
    const segment = isTcp ? tcpBytes(port, 443, 1000 * index, 0x10) : udpBytes(port, 53);
    const sent = ipBytes(node, dst, isTcp ? "tcp" : "udp", segment, { id, ttl: 63 });
    rings[cpu]?.push(hexLines({ point: "to-network", device: "eth0", cpu }, sent));
    if (!random.chance(0.4)) continue;
    const shown = ipBytes(node, dst, isTcp ? "tcp" : "udp", segment.slice(0, 8), { id, ttl: 50 });
    const error = ipBytes("192.0.2.1", node, "icmp", errorBytes(11, 0, 0, shown), { id: 30_000 + index });
    about.set(30_000 + index, id);
    rings[cpu]?.push(hexLines({ point: "from-network", device: "eth0", cpu }, error));
  }
  const lines: string[] = [];
  while (rings.some((ring) => ring.length > 0)) {
    const [next] = random.pick(rings).splice(0, 1);
    if (next !== undefined) lines.push(random.below(100) < lossPercent ? "CPU 00: Lost 1 events" : next);
  }
  return { text: `${lines.join("\n")}\n`, about };
}

function linked(text: string): Packet[] {
  return linkErrors(joinPackets(readCapture("monitor.log", text).events, mayFollowPoints));
}

const captures = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  packets: fc.integer({ min: 1, max: 25 }),
  loss: fc.constantFrom(0, 20),
});

describe("linkErrors", () => {
  it("binds each error to the packet whose numbers it carries, whatever stands between or is lost", () => {
    fc.assert(
      fc.property(captures, ({ seed, packets, loss }) => {
        const { text, about } = played(seed, packets, loss);
        const all = linked(text);
        for (const error of all.filter((packet) => about.has(packet.headers?.ip?.id ?? -1))) {
          const id = about.get(error.headers?.ip?.id ?? -1);
          const subject = all.find(({ number }) => number === error.about?.number);
          const shown = all.find(({ headers }) => id !== 0 && headers?.ip?.id === id);
          if (id !== 0) assert.equal(subject?.number, shown?.number, `error about ${id}`);
          else if (subject) assert.equal(subject.headers?.ip?.id, 0);
        }
      }),
      { numRuns: 80 },
    );
  });

  it("answers every link from the side of the packet, and says among how many it is", () => {
    fc.assert(
      fc.property(captures, ({ seed, packets }) => {
        const all = linked(played(seed, packets, 0).text);
        for (const { number, reports = [] } of all) {
          for (const report of reports) {
            const error = all.find((packet) => packet.number === report.number);
            assert.equal(error?.about?.number, number);
            assert.equal(error?.about?.among, report.among);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
