import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import { mixHash } from "./rowTable.js";
import { hashTuple, sameTuple } from "./tupleKey.js";
import { strengthIndex } from "./walks.js";

/** One way of joining packets that have no content key. */
export interface FlowKey {
  /** Whether a row may be the one before, and by what key it is looked for. */
  readonly offers: (row: number) => boolean;
  readonly hashOffer: (row: number) => number;
  /** Whether a row looks for the one before it, and by what key. */
  readonly seeks: (row: number) => boolean;
  readonly hashSought: (row: number) => number;
  /** Whether two rows that offer have the same key. */
  readonly same: (a: number, b: number) => boolean;
  /** Whether `tail` offers what `row` seeks. */
  readonly meets: (tail: number, row: number) => boolean;
  /** Index in `joinStrengths`. */
  readonly strength: (tail: number, row: number) => number;
  /** Whether the key says enough to join events of two CPUs. */
  readonly crossesCpus: (tail: number, row: number) => boolean;
}

/** Same tuple; a flow hash that differs tells two flows apart, and one that agrees is worth saying. */
export function tupleKey(columns: EventColumns): FlowKey {
  const { flowHash } = columns;
  const [byHash, byAddresses] = [strengthIndex("flow-hash"), strengthIndex("addresses")];
  const same = (a: number, b: number) => sameTuple(columns, a, b);
  const sameHash = (a: number, b: number) => flowHash[a] !== 0 && flowHash[a] === flowHash[b];
  const otherHash = (a: number, b: number) => flowHash[a] !== 0 && flowHash[b] !== 0 && flowHash[a] !== flowHash[b];
  return {
    offers: () => true,
    seeks: () => true,
    hashOffer: (row) => hashTuple(columns, row),
    hashSought: (row) => hashTuple(columns, row),
    same,
    meets: (tail, row) => same(tail, row) && !otherHash(tail, row),
    strength: (tail, row) => (sameHash(tail, row) ? byHash : byAddresses),
    crossesCpus: sameHash,
  };
}

/** Same flow hash, and one end of the flow translated: the skb keeps its hash when a service's address becomes that of a backend. */
export function flowHashKey(columns: EventColumns): FlowKey {
  const { flowHash, protocol, detail, src, dst, sport, dport } = columns;
  const hasHash = (row: number) => flowHash[row] !== 0;
  const same = (a: number, b: number) =>
    flowHash[a] === flowHash[b] && protocol[a] === protocol[b] && detail[a] === detail[b];
  const hash = (row: number) => mixHash(mixHash(flowHash[row] ?? 0, protocol[row] ?? 0), detail[row] ?? 0);
  const strength = strengthIndex("flow-hash");
  return {
    offers: hasHash,
    seeks: hasHash,
    hashOffer: hash,
    hashSought: hash,
    same,
    meets: (tail, row) =>
      same(tail, row) &&
      ((src[tail] === src[row] && sport[tail] === sport[row]) ||
        (dst[tail] === dst[row] && dport[tail] === dport[row])),
    strength: () => strength,
    crossesCpus: () => true,
  };
}

/** The event names the source before translation. Its port may have been translated with it. */
export function origIpKey(columns: EventColumns): FlowKey {
  const { rare, flags, protocol, detail, src, dst, dport } = columns;
  const origIp = (row: number) => ((flags[row] ?? 0) & rowFlags.rare ? (rare.get(row)?.origIp ?? 0) : 0);
  const strength = strengthIndex("orig-ip");
  const sameBesideSource = (a: number, b: number) =>
    dst[a] === dst[b] && dport[a] === dport[b] && protocol[a] === protocol[b] && detail[a] === detail[b];
  const hash = (source: number, row: number) =>
    mixHash(
      mixHash(mixHash(source, dst[row] ?? 0), ((protocol[row] ?? 0) << 16) ^ (detail[row] ?? 0)),
      dport[row] ?? 0,
    );
  return {
    offers: () => true,
    seeks: (row) => origIp(row) !== 0,
    hashOffer: (row) => hash(src[row] ?? 0, row),
    hashSought: (row) => hash(origIp(row), row),
    same: (a, b) => src[a] === src[b] && sameBesideSource(a, b),
    meets: (tail, row) => src[tail] === origIp(row) && sameBesideSource(tail, row),
    strength: () => strength,
    crossesCpus: () => true,
  };
}
