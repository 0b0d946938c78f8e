import assert from "node:assert/strict";
import * as fc from "fast-check";
import { joinPackets } from "../../../server/src/core/capture/joinPackets.js";
import type { Packet } from "../../../server/src/core/capture/packet.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";
import { aggregate, eventsOf, type FlowKind, type PlayedEvent, playTraffic, type Traffic } from "./playTraffic.js";

const telling: readonly FlowKind[] = ["tcp4", "icmp4", "udp4", "tcp6"];
const allKinds: readonly FlowKind[] = [...telling, "udp4zero", "icmp6", "synAck"];

function traffic(kinds: readonly FlowKind[], lossPerMille: number, steeredPercent = 10): fc.Arbitrary<Traffic> {
  return fc.record({
    seed: fc.integer(),
    packets: fc.integer({ min: 1, max: 60 }),
    cpus: fc.integer({ min: 1, max: 4 }),
    flows: fc.constant(8),
    kinds: fc.subarray([...kinds], { minLength: 1 }),
    turn: fc.integer({ min: 0, max: 12 }),
    steeredPercent: fc.constant(steeredPercent),
    lossPerMille: fc.constant(lossPerMille),
  });
}

/** Where an event stands, which names it. */
type Position = number;

function truths(played: readonly PlayedEvent[]): Map<Position, number> {
  return new Map(played.map(({ event, truth }) => [event.place.start, truth]));
}

/** What a packet looks like, short. */
function words({ number, events }: Packet, truth: ReadonlyMap<Position, number>): string {
  const joined = events.map(({ event, join }) => {
    const point = event.type === "trace" ? event.observationPoint : event.type;
    return `${join} ${point}@${event.place.start / 100} of ${truth.get(event.place.start)} on ${event.cpu}`;
  });
  return `${number}: ${joined.join(", ")}`;
}

/** Packets that show events of several true packets. */
function mixtures(packets: readonly Packet[], truth: ReadonlyMap<Position, number>): Packet[] {
  return packets.filter(({ events }) => new Set(events.map(({ event }) => truth.get(event.place.start))).size > 1);
}

/** Those of them whose events name no alternative, and that no other packet names as one. */
function unsaidMixtures(packets: readonly Packet[], truth: ReadonlyMap<Position, number>): string[] {
  const ambiguous = new Set<number>();
  for (const { number, events } of packets) {
    for (const { alternative } of events) {
      if (alternative === undefined) continue;
      ambiguous.add(number);
      ambiguous.add(alternative);
    }
  }
  return mixtures(packets, truth)
    .filter(({ number }) => !ambiguous.has(number))
    .map((packet) => words(packet, truth));
}

/** Strengths that leave no doubt, whatever is missing. */
const certain: ReadonlySet<string> = new Set(["trace-id", "contents"]);

/** Events that were joined without doubt to one of another true packet. */
function falseCertainties(packets: readonly Packet[], truth: ReadonlyMap<Position, number>): string[] {
  return mixtures(packets, truth)
    .filter(({ events }) =>
      events.some(({ event, join }, index) => {
        const before = events[index - 1];
        return before && certain.has(join) && truth.get(before.event.place.start) !== truth.get(event.place.start);
      }),
    )
    .map((packet) => words(packet, truth));
}

/** Events that were joined with doubt across a message that events were lost. */
function bridgedLosses(packets: readonly Packet[], played: readonly PlayedEvent[]): string[] {
  const losses = played.filter(({ event }) => event.type === "lost").map(({ event }) => event.place.start);
  const truth = truths(played);
  return packets
    .filter(({ events }) =>
      events.some(({ event, join }, index) => {
        const before = events[index - 1];
        if (!before || certain.has(join)) return false;
        const [from, to] = [before.event.place.start, event.place.start].sort((a, b) => a - b);
        return losses.some((at) => at > (from ?? 0) && at < (to ?? 0));
      }),
    )
    .map((packet) => words(packet, truth));
}

describe("joining played traffic", () => {
  it("recovers every packet with its order where packets can be told apart, in whatever order CPUs are read", () => {
    fc.assert(
      fc.property(traffic(telling, 0), (played) => {
        const events = playTraffic(played);
        const packets = joinPackets(eventsOf(events), mayFollowPoints);
        const truth = truths(events);
        for (const { events: joined } of packets) {
          const numbers = new Set(joined.map(({ event }) => truth.get(event.place.start)));
          assert.equal(numbers.size, 1, "one joined packet shows one true packet");
        }
        assert.equal(packets.length, new Set(truth.values()).size);
        for (const { events: joined } of packets) {
          const ttls = joined.map(({ event }) => event.headers?.ip?.ttl ?? 0);
          assert.deepEqual(
            ttls,
            [...ttls].sort((a, b) => b - a),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never mixes packets of a whole capture without saying so, where each stays on its CPU", () => {
    fc.assert(
      fc.property(traffic(allKinds, 0, 0), (played) => {
        const events = playTraffic(played);
        const packets = joinPackets(eventsOf(events), mayFollowPoints);
        assert.deepEqual(unsaidMixtures(packets, truths(events)), []);
      }),
      { numRuns: 300 },
    );
  });

  it("is never certain of what is wrong where packets change their CPU", () => {
    fc.assert(
      fc.property(traffic(allKinds, 0), (played) => {
        const events = playTraffic(played);
        const packets = joinPackets(eventsOf(events), mayFollowPoints);
        assert.deepEqual(falseCertainties(packets, truths(events)), []);
      }),
    );
  });

  it("is never certain of what is wrong where events were lost, and bridges no loss with doubt", () => {
    fc.assert(
      fc.property(traffic(allKinds, 60), (played) => {
        const events = playTraffic(played);
        const packets = joinPackets(eventsOf(events), mayFollowPoints);
        assert.deepEqual(falseCertainties(packets, truths(events)), []);
        assert.deepEqual(bridgedLosses(packets, events), []);
      }),
      { numRuns: 300 },
    );
  });

  it("is never certain of what is wrong where the capture is aggregated", () => {
    fc.assert(
      fc.property(traffic(allKinds, 0), fc.integer(), (played, seed) => {
        const events = aggregate(playTraffic(played), seed);
        const packets = joinPackets(eventsOf(events), mayFollowPoints);
        assert.deepEqual(falseCertainties(packets, truths(events)), []);
      }),
      { numRuns: 300 },
    );
  });

  it("loses no event and shows none twice", () => {
    fc.assert(
      fc.property(traffic(allKinds, 60), (played) => {
        const events = eventsOf(playTraffic(played)).filter(({ type }) => type !== "lost");
        const joined = joinPackets(events, mayFollowPoints).flatMap((packet) =>
          packet.events.map(({ event }) => event.place.start),
        );
        assert.deepEqual(
          joined.sort((a, b) => a - b),
          events.map(({ place }) => place.start),
        );
      }),
    );
  });
});
