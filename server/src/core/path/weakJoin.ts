import type { JoinedEvent, JoinStrength } from "../capture/packet.js";

/** Joins by what other packets may have as well: an event so joined may be of another packet. */
const weak: ReadonlySet<JoinStrength> = new Set<JoinStrength>(["flow-hash", "translation", "addresses", "enclosed"]);

/**
 * Whether an event may be of another packet than the one it was joined to. A join by `sequence` is not weak in itself, but only where a
 * retransmission may have been taken for the packet (`markRepeats` has the evidence).
 */
export function isWeakJoin({ join, mayBeRepeat }: JoinedEvent): boolean {
  return weak.has(join) || mayBeRepeat === true;
}
