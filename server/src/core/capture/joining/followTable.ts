import { observationPoints } from "../../cilium/observationPoints.js";
import { dropPoint } from "../columns/eventColumns.js";
import { isOrigin, pointOf } from "../columns/pointKinds.js";

/**
 * Answers whether a packet that was last seen at one observation point may be seen next at the other, on one node, with no event between
 * (the datapath graph's business). Points are codes of `cilium/observationPoints`; drops are never asked about.
 */
export type MayFollow = (from: number, to: number) => boolean;

/** What `MayFollow` answers, asked once for all points. */
export interface FollowTable {
  /** For each pair of points (`from << 8 | to`): bits of `following`. */
  readonly pairs: Uint8Array;
  /** For each point: 1 if it may be seen at another one after it, other than dropped. */
  readonly hasAfter: Uint8Array;
  /** For each point: 1 if it may have been seen at another one before it. */
  readonly hasBefore: Uint8Array;
}

const toProxy = pointOf("to-proxy");
const fromProxy = pointOf("from-proxy");
const fromNetwork = pointOf("from-network");

export const following = {
  /** The second point may be the next that the packet is seen at. */
  next: 1,
  /** It may be seen there later, with events between that are hidden (monitor aggregation, a filter) or were lost. */
  later: 2,
} as const;

/**
 * Whether the datapath's answer holds for one and the same packet. Behind `to-proxy` a process reads the data, and what comes from `from-proxy` are
 * packets of its own connection (Cilium 1.19, bpf/lib/proxy.h). What comes in from outside or from a pod is a packet of its own, also when a
 * router sent it back or XFRM took it out of another; only behind `from-network` an event may show once more the packet in a tunnel whose
 * inner headers it showed already (since 1.18).
 */
function isSamePacket(from: number, to: number): boolean {
  return from !== toProxy && to !== fromProxy && (!isOrigin(to) || (from === fromNetwork && to !== fromNetwork));
}

/** Asks `mayFollow` for every pair of points once. A drop may follow any point, and nothing follows a drop or an unknown point. */
export function createFollowTable(mayFollow: MayFollow): FollowTable {
  const pairs = new Uint8Array(1 << 16);
  const hasAfter = new Uint8Array(256);
  const hasBefore = new Uint8Array(256);
  hasBefore[dropPoint] = 1;
  const codes = observationPoints.map(({ code }) => code);
  for (const from of codes) {
    pairs[(from << 8) | dropPoint] = following.next | following.later;
    for (const to of codes) {
      if (!isSamePacket(from, to) || !mayFollow(from, to)) continue;
      pairs[(from << 8) | to] = following.next | following.later;
      hasAfter[from] = 1;
      hasBefore[to] = 1;
    }
  }
  // Warshall: what may be reached by several steps.
  for (const over of codes) {
    for (const from of codes) {
      if (!pairs[(from << 8) | over]) continue;
      for (const to of codes) {
        if (pairs[(over << 8) | to]) pairs[(from << 8) | to] = (pairs[(from << 8) | to] ?? 0) | following.later;
      }
    }
  }
  return { pairs, hasAfter, hasBefore };
}

/** Whether a packet seen at `from` may be seen at `to`: at its next event (`following.next`) or at a later one. */
export function mayFollowBy({ pairs }: FollowTable, how: number, from: number, to: number): boolean {
  return ((pairs[(from << 8) | to] ?? 0) & how) !== 0;
}
