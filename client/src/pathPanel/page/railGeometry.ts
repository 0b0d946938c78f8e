import type { HopView } from "../../../../server/src/lsp/protocol.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

type Lane = HopView["lane"];

/** From inside the node to outside it: a reply that arrives runs from right to left, a request from left to right. */
const laneOrder: readonly Lane[] = ["pod", "cilium", "kernel", "device", "wire"];

/** The lanes that the hops need, in their order from inside to outside. */
export function lanesOf(hops: readonly HopView[]): readonly Lane[] {
  const used = new Set(hops.map((hop) => hop.lane));
  return laneOrder.filter((lane) => used.has(lane));
}

/** Middle of a lane, in pixels from the left edge of the drawing. */
export function laneX(lanes: readonly Lane[], lane: Lane, pitch: number): number {
  return (lanes.indexOf(lane) + 0.5) * pitch;
}

/** Height of the bend with which a line changes its lane, in pixels. */
const bend = 30;
/** Height of the small bend with which a branch leaves the trunk, in pixels. */
const leave = 12;

/**
 * The way from one station to the next as SVG path data: straight down its lane, then over to the other lane just before the
 * next station, as on a map of an underground railway.
 *
 * @param aside how far beside `from` the line runs down, in pixels; a branch keeps to its side of the lane
 */
export function linePath(from: Point, to: Point, aside = 0): string {
  const height = to.y - from.y;
  const x = from.x + aside;
  const start =
    aside === 0
      ? `M${from.x} ${from.y}`
      : `M${from.x} ${from.y}C${from.x} ${from.y + leave / 2} ${x} ${from.y + leave / 2} ${x} ${from.y + leave}`;
  if (x === to.x) return `${start}V${to.y}`;
  const high = Math.max(0, Math.min(bend, height - (aside === 0 ? 0 : leave)));
  const middle = to.y - high / 2;
  return `${start}V${to.y - high}C${x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
}

/** The lines through stations that follow each other. */
export function linesThrough(points: readonly Point[]): readonly string[] {
  return points.flatMap((to, index) => {
    const from = points[index - 1];
    return from === undefined ? [] : [linePath(from, to)];
  });
}

/**
 * On which side of its lane each branch runs, so that the two cross as little as may be: the one that goes further left runs
 * left. -1 is left, 1 is right.
 */
export function branchSides(
  lanes: readonly Lane[],
  walked: readonly HopView[],
  beside: readonly HopView[],
): { readonly walked: number; readonly beside: number } {
  for (const [index, hop] of walked.entries()) {
    const other = beside[index];
    if (other === undefined) break;
    const difference = lanes.indexOf(hop.lane) - lanes.indexOf(other.lane);
    if (difference !== 0) return { walked: Math.sign(difference), beside: -Math.sign(difference) };
  }
  return { walked: 1, beside: -1 };
}
