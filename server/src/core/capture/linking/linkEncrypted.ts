import type { Completeness } from "../completeness.js";
import type { Packet, PacketReference } from "../packet.js";
import { type EncryptedEnd, type EncryptedEnds, encryptedEnds } from "./encryptedEnds.js";
import { ipsecMayCarry, tunnelled, wireguardMayCarry } from "./encryptedLengths.js";
import { encryptionOf } from "./encryptionOf.js";

/** So many encrypted packets on, and so many back where another CPU reports them, one is looked for. */
const reach = { on: 16, back: 4 } as const;

function lengthFits({ event, kind, point }: EncryptedEnd, outer: EncryptedEnd): boolean {
  const mayCarry = kind === "wireguard" ? wireguardMayCarry : ipsecMayCarry;
  const lengths = point.endsWith("-overlay") ? tunnelled(event.bytes) : [event.bytes];
  return lengths.some((length) => mayCarry(length, outer.event.bytes));
}

/** The index of the first end behind a place. */
function firstBehind(ends: readonly EncryptedEnd[], start: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle]?.event.place.start ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A packet with those that may carry it. */
interface Choice {
  readonly plain: EncryptedEnd;
  readonly carriers: readonly EncryptedEnd[];
  /** Where the first and the last of the encrypted packets stand that were looked at, and the packet itself. */
  readonly from: number;
  readonly to: number;
}

/** The encrypted packets that may carry a plain one, the nearest first. */
function choiceFor(plain: EncryptedEnd, { encrypted }: EncryptedEnds, direction: "out" | "in"): Choice {
  const { start } = plain.event.place;
  const at = firstBehind(encrypted, start);
  const [on, back] = direction === "out" ? [reach.on, reach.back] : [reach.back, reach.on];
  const before = encrypted.slice(Math.max(0, at - back), at);
  const behind = encrypted.slice(at, at + on);
  const [near, far] = direction === "out" ? [behind, before] : [[...before].reverse(), behind];
  // On one CPU the order of the file is real.
  const otherCpu = far.filter(({ event: { cpu } }) => cpu === undefined || cpu !== plain.event.cpu);
  const places = [start, ...[...before, ...behind].map(({ event }) => event.place.start)];
  return {
    plain,
    carriers: [...near, ...otherCpu].filter((outer) => outer.kind === plain.kind && lengthFits(plain, outer)),
    from: Math.min(...places),
    to: Math.max(...places),
  };
}

/** How many packets each encrypted one may carry. */
function demandFor(choices: readonly Choice[]): Map<number, number> {
  const demand = new Map<number, number>();
  for (const { carriers } of choices) {
    for (const { index } of carriers) demand.set(index, (demand.get(index) ?? 0) + 1);
  }
  return demand;
}

/** The node behind which each pod is, as the packets show that only one encrypted packet can carry. */
function peersOf(choices: readonly Choice[]): Map<string, string | undefined> {
  const demand = demandFor(choices);
  const peers = new Map<string, string | undefined>();
  for (const { plain, carriers } of choices) {
    const [only, another] = carriers;
    if (!only || another || demand.get(only.index) !== 1) continue;
    const known = peers.get(plain.peer);
    peers.set(plain.peer, peers.has(plain.peer) && known !== only.peer ? undefined : only.peer);
  }
  return peers;
}

const words = {
  wireguard: "the order of the events and a length that WireGuard explains",
  ipsec: "the order of the events and a length that IPsec explains",
} as const;

/** Whether what is seen there was decrypted: a native device shows what came in the clear as well. */
function isDoor({ point, event }: EncryptedEnd): boolean {
  return point !== "from-network" || (event.type === "trace" && event.encrypted === true);
}

function linkDirection(packets: Packet[], direction: "out" | "in", { isWhole, losses }: Completeness): void {
  const ends = encryptedEnds(packets, direction);
  if (ends.plain.length === 0) return;
  const first = ends.plain.map((plain) => choiceFor(plain, ends, direction));
  const peers = peersOf(first);
  const choices = first.map(({ plain, carriers, ...looked }): Choice => {
    const peer = peers.get(plain.peer);
    return {
      ...looked,
      plain,
      carriers: peer === undefined ? carriers : carriers.filter((outer) => outer.peer === peer),
    };
  });
  const demand = demandFor(choices);
  const taken = new Set<number>();
  for (const { plain, carriers, from, to } of choices) {
    const outer = carriers.find(({ index }) => !taken.has(index)) ?? carriers[0];
    const [inside, around] = [packets[plain.index], outer && packets[outer.index]];
    if (!outer || !inside || !around || inside.carriedBy) continue;
    taken.add(outer.index);
    const isSure = isWhole && isDoor(plain) && !losses.some(({ place }) => place.start > from && place.start < to);
    const among = Math.max(carriers.length, demand.get(outer.index) ?? 1);
    const reference = ({ file, number }: Packet): PacketReference => ({
      file,
      number,
      by: words[plain.kind],
      ...(among > 1 ? { among } : {}),
      ...(isSure ? {} : { isUnsure: true }),
    });
    packets[plain.index] = { ...inside, carriedBy: reference(around) };
    packets[outer.index] = { ...around, carries: around.carries ?? reference(inside) };
  }
}

/**
 * Binds packets that a node encrypts or decrypts to the encrypted ones between the nodes, which share no field with them: by the order of
 * events, by length, and by the node behind which a pod is. A link says among how many packets it can't be told, and where events are
 * hidden or lost, that another one may be it.
 *
 * @param packets of one capture
 */
export function linkEncrypted(packets: readonly Packet[], completeness: Completeness): Packet[] {
  const linked = [...packets];
  if (!packets.some(({ headers }) => headers && encryptionOf(headers))) return linked;
  linkDirection(linked, "out", completeness);
  linkDirection(linked, "in", completeness);
  return linked;
}
