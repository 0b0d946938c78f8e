import { observationPoints } from "../../cilium/observationPoints.js";

/** The point, as columns have it, of a name; -1 for a name that is none. */
export function pointOf(name: string): number {
  return observationPoints.find((point) => point.name === name)?.code ?? -1;
}

/** By point, as columns have it: 1 for the points of these names. */
function pointSet(names: readonly string[]): Uint8Array {
  const set = new Uint8Array(256);
  for (const { code, name } of observationPoints) if (names.includes(name)) set[code] = 1;
  return set;
}

const receives = pointSet(observationPoints.filter(({ kind }) => kind === "receive").map(({ name }) => name));
const origins = pointSet(["from-endpoint", "from-network", "from-overlay", "from-crypto", "from-proxy"]);
const ends = pointSet(["to-endpoint", "to-host", "to-proxy"]);
const toStack = pointOf("to-stack");
const repeats = pointSet(["to-network", "to-overlay"]);

/**
 * Whether a point is one at which a program has just got the packet. Such events exist only where monitor aggregation is `none`
 * (bpf/lib/trace.h: emit_trace_notify).
 */
export function isReceivePoint(point: number): boolean {
  return receives[point] === 1;
}

/** Whether a packet comes into the node there, or out of a header that hid it: mostly nothing is seen of it before. */
export function isOrigin(point: number): boolean {
  return origins[point] === 1;
}

/** Whether something must come behind it: what a program has just got or gave to the kernel is neither delivered nor sent. */
export function isOnTheWay(point: number): boolean {
  return receives[point] === 1 || point === toStack;
}

/** Whether a packet is handed to what it was for. */
export function isEnd(point: number): boolean {
  return ends[point] === 1;
}

/**
 * Whether two programs may report one packet there without a router between: the one that redirects it and the one at the device, or the second
 * run after a translation (bpf/lib/fib.h, nodeport.h).
 */
export function isReportedTwice(point: number): boolean {
  return repeats[point] === 1;
}
