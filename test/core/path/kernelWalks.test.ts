import assert from "node:assert/strict";
import * as fc from "fast-check";
import { joinPackets } from "../../../server/src/core/capture/joinPackets.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { kernelWitnesses } from "../../../server/src/core/path/kernelWalks.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { hexLines, ipBytes, tcpBytes } from "../../generate/packetBytes.js";
import { randomFrom } from "../../generate/random.js";

const [pod, far] = ["10.1.0.5", "198.51.100.9"];
const drops = ["kfree_skb_reason(SKB_DROP_REASON_IP_RPFILTER)", "kfree_skb_reason(SKB_DROP_REASON_NETFILTER_DROP)"];

function pwruLine(skb: string, port: number, func: string): string {
  const tuple = { saddr: pod, daddr: far, sport: port, dport: 443, proto: 6 };
  return JSON.stringify({ skb, cpu: 1, process: "x:1", func, netns: 4026531840, mark: 0, iface: "eth0:2", tuple });
}

/** A capture of packets of some flows and what pwru saw of them, buffers used again and interleaved; by port what became of each packet. */
function played(seed: number, count: number) {
  const random = randomFrom(seed);
  const ends = new Map<number, string[]>();
  const buffers: string[][] = Array.from({ length: 3 }, () => []);
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const port = 40_000 + random.below(count);
    const end = random.pick([...drops, "consume_skb"]);
    lines.push(
      hexLines(
        { point: "to-stack", source: 75 },
        ipBytes(pod, far, "tcp", tcpBytes(port, 443, index, 0x10), { id: index + 1 }),
      ),
    );
    ends.set(port, [...(ends.get(port) ?? []), end]);
    // A buffer holds one packet after the other.
    const buffer = random.below(buffers.length);
    for (const func of ["ip_rcv", "ip_forward", end]) buffers[buffer]?.push(pwruLine(`0xff${buffer}`, port, func));
  }
  const pwru: string[] = [];
  while (buffers.some((buffer) => buffer.length > 0)) pwru.push(...random.pick(buffers).splice(0, 1));
  return { capture: `${lines.join("\n")}\n`, pwru: `${pwru.join("\n")}\n`, ends };
}

describe("kernelWitnesses", () => {
  it("tells of each packet what pwru saw of it or of all of its flow, and else nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 12 }), (seed, count) => {
        const { capture, pwru, ends } = played(seed, count);
        const packets = joinPackets(readCapture("monitor.log", capture).events, mayFollowPoints);
        const witness = kernelWitnesses(readCapture("pwru.json", pwru).events, packets, true);
        for (const packet of packets) {
          const l4 = packet.headers?.l4;
          const truth = ends.get(l4 && "sport" in l4 ? l4.sport : 0) ?? [];
          const told = witness(packet);
          if (new Set(truth).size > 1) {
            assert.equal(told, undefined);
            continue;
          }
          assert.ok(told?.type === "kernel");
          assert.equal(told.seen, truth.length);
          assert.equal(told.isOnly, truth.length === 1);
          const end = truth[0] === "consume_skb" ? "ip_forward" : truth[0];
          const { function: name, dropReason } = told.event;
          assert.equal(dropReason === undefined ? name : `${name}(${dropReason})`, end);
        }
      }),
      { numRuns: 80 },
    );
  });
});
