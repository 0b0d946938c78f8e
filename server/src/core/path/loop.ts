import type { Packet } from "../capture/packet.js";
import type { TraceEvent } from "../monitor/event.js";

/** The TTL of a packet that goes round, at its first and last event. */
export interface FallingTtl {
  readonly from: number;
  readonly to: number;
}

interface Sighting {
  readonly place: string;
  readonly ttl: number;
}

function sighting(event: TraceEvent): Sighting[] {
  const ttl = event.headers?.ip?.ttl;
  return ttl === undefined ? [] : [{ place: `${event.observationPoint} ${event.ifname ?? ""}`, ttl }];
}

/** Whether the sightings from `start` on are a round of `length` places that is gone `times` times, each time with a lower TTL. */
function isRound(sightings: readonly Sighting[], start: number, length: number, times: number): boolean {
  for (let index = start + length; index < start + length * times; index++) {
    const now = sightings[index];
    const before = sightings[index - length];
    if (!now || !before || now.place !== before.place || now.ttl >= before.ttl) return false;
  }
  return true;
}

/**
 * Whether a packet goes round between the same places until its TTL is used up: a round of several places gone twice, or one place that
 * sees it three times running. Less is no loop: two programs report a NodePort's packet at `to-network`, and a decrypted or
 * tunnelled one passes `from-stack` and `to-stack` twice.
 */
export function loopOf({ events }: Packet): FallingTtl | undefined {
  const sightings = events.flatMap(({ event }) => (event.type === "trace" ? sighting(event) : []));
  const [first] = sightings;
  const last = sightings.at(-1);
  if (!first || !last) return undefined;
  for (let start = 0; start < sightings.length; start++) {
    // A round has few places: bounded, so that a long walk costs no more than its length.
    for (let length = 1; length <= 8; length++) {
      if (isRound(sightings, start, length, length === 1 ? 3 : 2)) return { from: first.ttl, to: last.ttl };
    }
  }
  return undefined;
}
