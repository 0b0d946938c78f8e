import assert from "node:assert/strict";
import * as fc from "fast-check";
import { markRepeats } from "../../../server/src/core/capture/joining/markRepeats.js";
import { joinPackets } from "../../../server/src/core/capture/joinPackets.js";
import type { Packet } from "../../../server/src/core/capture/packet.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { isWeakJoin } from "../../../server/src/core/path/weakJoin.js";
import { aggregate, eventsOf, type FlowKind, type PlayedEvent, playTraffic } from "./playTraffic.js";

function playedPackets(played: readonly PlayedEvent[]): Packet[] {
  const events = eventsOf(played);
  const losses = events.filter((event) => event.type === "lost");
  const isWhole = events.some((event) => event.type === "trace" && event.observationPoint.startsWith("from-"));
  return markRepeats(joinPackets(events, mayFollowPoints), { isWhole, losses });
}

/** Events that were joined by sequence to one of another true packet. */
function wrongJoins(packets: readonly Packet[], played: readonly PlayedEvent[]) {
  const truth = new Map(played.map(({ event, truth: packet }) => [event.place.start, packet]));
  return packets.flatMap(({ events }) =>
    events.filter(({ event, join }, index) => {
      const before = events[index - 1]?.event;
      return before && join === "sequence" && truth.get(before.place.start) !== truth.get(event.place.start);
    }),
  );
}

const traffic = fc.record({
  seed: fc.integer(),
  packets: fc.integer({ min: 1, max: 60 }),
  cpus: fc.integer({ min: 1, max: 4 }),
  flows: fc.constant(6),
  kinds: fc.subarray<FlowKind>(["tcp6", "synAck", "tcp4", "udp4zero"], { minLength: 1 }),
  turn: fc.integer({ min: 0, max: 12 }),
  steeredPercent: fc.constantFrom(0, 10),
  lossPerMille: fc.constantFrom(0, 60),
});

describe("markRepeats", () => {
  it("marks nearly all events that were joined wrongly by sequence, or another packet is named for them", () => {
    let wrong = 0;
    let unsaid = 0;
    for (let seed = 1; seed <= 600; seed++) {
      const whole = playTraffic({
        seed,
        packets: 1 + (seed % 60),
        cpus: 1 + (seed % 4),
        flows: 6,
        kinds: seed % 3 === 0 ? ["synAck"] : ["tcp6", "synAck", "tcp4", "udp4zero"],
        turn: seed % 13,
        steeredPercent: (seed % 2) * 10,
        lossPerMille: ((seed >> 1) % 2) * 60,
      });
      const played = seed % 5 === 0 ? aggregate(whole, seed) : whole;
      const joins = wrongJoins(playedPackets(played), played);
      wrong += joins.length;
      unsaid += joins.filter((joined) => !isWeakJoin(joined) && joined.alternative === undefined).length;
    }
    assert.ok(wrong > 300, `${wrong} joins were wrong`);
    assert.ok(unsaid < wrong / 200, `${unsaid} of ${wrong} wrong joins are not marked`);
  });

  it("marks none where every packet has its own numbers and every event is shown", () => {
    fc.assert(
      fc.property(traffic, (recipe) => {
        const played = playTraffic({ ...recipe, kinds: ["tcp6"], lossPerMille: 0 });
        const packets = playedPackets(played);
        assert.deepEqual(wrongJoins(packets, played), []);
        assert.ok(packets.every(({ events }) => !events.some(isWeakJoin)));
      }),
    );
  });

  it("marks none of retransmissions that each stay on their CPU", () => {
    fc.assert(
      fc.property(traffic, (recipe) => {
        const played = playTraffic({ ...recipe, kinds: ["synAck"], lossPerMille: 0, steeredPercent: 0 });
        const packets = playedPackets(played);
        assert.deepEqual(wrongJoins(packets, played), []);
        assert.ok(packets.every(({ events }) => !events.some(isWeakJoin)));
      }),
    );
  });
});
