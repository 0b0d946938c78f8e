import type { JoinStrength } from "../capture/packet.js";

/** Joins by what other packets may have as well: an event so joined may be of another packet. */
const weak: ReadonlySet<JoinStrength> = new Set<JoinStrength>(["flow-hash", "addresses", "enclosed"]);

/** Whether an event joined so may be of another packet. */
export function isWeakJoin(join: JoinStrength): boolean {
  return weak.has(join);
}
