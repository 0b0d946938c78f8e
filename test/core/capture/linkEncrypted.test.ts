import assert from "node:assert/strict";
import * as fc from "fast-check";
import { joinPackets } from "../../../server/src/core/capture/joinPackets.js";
import { linkEncrypted } from "../../../server/src/core/capture/linking/linkEncrypted.js";
import type { Packet } from "../../../server/src/core/capture/packet.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { type EncryptedTraffic, playEncrypted } from "../../generate/playEncrypted.js";

function linkedPackets(text: string): Packet[] {
  const { events } = readCapture("monitor.log", text);
  return linkEncrypted(joinPackets(events, mayFollowPoints), {
    isWhole: events.some((event) => event.type === "trace" && event.observationPoint.startsWith("from-")),
    losses: events.filter((event) => event.type === "lost"),
  });
}

/** Each link as the identifications of the packet and its carrier, and whether it is said to be the only one. */
function links(packets: readonly Packet[]) {
  return packets.flatMap(({ headers, carriedBy }) => {
    const carrier = packets.find(({ number }) => number === carriedBy?.number);
    if (!carriedBy || !carrier) return [];
    const isSure = carriedBy.among === undefined && !carriedBy.isUnsure;
    return [{ inner: headers?.ip?.id ?? 0, outer: carrier.headers?.ip?.id ?? 0, isSure }];
  });
}

function traffic(fixed: Partial<EncryptedTraffic>): fc.Arbitrary<EncryptedTraffic> {
  return fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    packets: fc.integer({ min: 1, max: 25 }),
    encryption: fc.constantFrom("wireguard" as const, "ipsec" as const),
    tunnel: fc.boolean(),
    lengths: fc.integer({ min: 1, max: 25 }),
    lag: fc.integer({ min: 0, max: 3 }),
    lossPercent: fc.constantFrom(0, 0, 10),
    aggregated: fc.boolean(),
    ...Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, fc.constant(value)])),
  });
}

describe("linkEncrypted", () => {
  it("is sure of no link that is wrong, whatever is lost or hidden", () => {
    fc.assert(
      fc.property(traffic({}), (recipe) => {
        const { a, b, inside } = playEncrypted(recipe);
        for (const { inner, outer, isSure } of [...links(linkedPackets(a)), ...links(linkedPackets(b))]) {
          assert.ok(!isSure || inside.get(outer) === inner, `${inner} is said to be in ${outer}`);
        }
      }),
      { numRuns: 120 },
    );
  });

  it("is sure of most links where the lengths of packets differ, and leaves no packet of a whole capture without", () => {
    for (const encryption of ["wireguard", "ipsec"] as const) {
      for (const tunnel of [false, true]) {
        let [sure, all] = [0, 0];
        for (let seed = 1; seed <= 40; seed++) {
          const { a, inside } = playEncrypted({
            seed,
            packets: 30,
            encryption,
            tunnel,
            lengths: 200,
            lag: 2,
            lossPercent: 0,
            aggregated: false,
          });
          const found = links(linkedPackets(a));
          assert.equal(found.length, inside.size);
          sure += found.filter(({ isSure }) => isSure).length;
          all += found.length;
        }
        assert.ok(sure > all * 0.7, `${encryption}${tunnel ? " in a tunnel" : ""}: ${sure} of ${all}`);
      }
    }
  });

  it("takes packets of one length in order, which is right where nothing is lost and one node is spoken to", () => {
    fc.assert(
      fc.property(traffic({ lengths: 1, lag: 0, lossPercent: 0, aggregated: false }), (recipe) => {
        const { a, inside } = playEncrypted(recipe);
        const found = links(linkedPackets(a));
        assert.equal(found.length, inside.size);
        assert.ok(found.every(({ inner, outer }) => inside.get(outer) === inner));
      }),
    );
  });

  it("binds no packet twice, and answers every link from the other side", () => {
    fc.assert(
      fc.property(traffic({}), (recipe) => {
        const packets = linkedPackets(playEncrypted(recipe).a);
        for (const { carries } of packets.filter((packet) => packet.carries)) {
          const inner = packets.find(({ number }) => number === carries?.number);
          assert.ok(inner?.carriedBy);
        }
      }),
    );
  });
});
