import { dropPoint, type EventColumns, rowFlags } from "../capture/eventColumns.js";
import { directions, type JoinedColumns } from "../capture/joinedColumns.js";
import type { Names } from "../capture/names.js";
import { observationPoints } from "../cilium/observationPoints.js";
import type { NodeState } from "../state/nodeState.js";
import { addressRegions } from "./addressRegions.js";
import type { NodeEvidence } from "./nodeEvidence.js";

/**
 * The packets of a capture, sorted into classes: packets of a class were seen at the same points in the same order, by the same devices, with
 * addresses that no look-up on this node tells apart, and whatever else decides how a walk ends is the same for them. So the walk of
 * one tells how the walks of all of them end.
 */
export interface PacketClasses {
  /** By packet. */
  readonly classOf: Uint32Array;
  /** By class: its first packet. */
  readonly representatives: readonly number[];
}

/** Packets by conversation, each conversation's in order of first appearance. */
export interface ConversationTable {
  readonly start: Uint32Array;
  readonly packets: Uint32Array;
}

export function conversationTable({ count, conversation, conversationCount }: JoinedColumns): ConversationTable {
  const start = new Uint32Array(conversationCount + 2);
  for (let packet = 0; packet < count; packet++) {
    const next = (conversation[packet] ?? 0) + 1;
    start[next] = (start[next] ?? 0) + 1;
  }
  for (let index = 1; index < start.length; index++) start[index] = (start[index] ?? 0) + (start[index - 1] ?? 0);
  const at = start.slice();
  const packets = new Uint32Array(count);
  for (let packet = 0; packet < count; packet++) {
    const group = conversation[packet] ?? 0;
    const place = at[group] ?? 0;
    packets[place] = packet;
    at[group] = place + 1;
  }
  return { start, packets };
}

const request = directions.indexOf("request");
const reply = directions.indexOf("reply");

/** Points behind which a walk ends for certain, whatever comes later in the capture. */
const conclusive = new Uint8Array(256);
for (const name of ["to-endpoint", "to-host", "to-overlay", "to-crypto", "to-network"]) {
  const code = observationPoints.find((point) => point.name === name)?.code;
  if (code !== undefined) conclusive[code] = 1;
}
conclusive[dropPoint] = 1;

/** How far a request may be from its reply within their conversation (as in \`path/conversationNear\`). */
const reach = 256;

/** UDP port of WireGuard and the protocol of IPsec: such packets carry others. */
const wireguardPort = 51871;
const esp = 50;

/** What of an identity decides a walk: the reserved ones themselves, else whether it is a workload's (below 256 are reserved). */
function identityKind(identity: number): number {
  return Math.min(identity, 256);
}

/**
 * Whether rules ask for what the columns do not hold (TOS) or what makes nearly every packet a class of its own (ports, users). Then
 * ports count, and a TOS makes classes impossible.
 */
function asksBeyondAddresses({ families }: NodeState): { readonly ports: boolean; readonly tos: boolean } {
  const rules = [...(families[4].rules ?? []), ...(families[6].rules ?? [])];
  const routes = [...families[4].tables.values(), ...families[6].tables.values()].flatMap((table) => table.routes);
  return {
    ports: rules.some(({ sport, dport }) => sport !== undefined || dport !== undefined),
    tos:
      rules.some(({ tos, dscp }) => tos !== undefined || dscp !== undefined) ||
      routes.some((route) => "tos" in route && Boolean(route.tos)),
  };
}

/** Sorts the packets into classes. Takes time linear in the number of rows. */
export function packetClasses(
  columns: EventColumns,
  joined: JoinedColumns,
  names: Names,
  state: NodeState,
  evidence: NodeEvidence,
  conversations: ConversationTable,
): PacketClasses {
  const { point, flags, protocol, ttl, src, dst, device, srcMac, source, dstEndpoint, cpu, reason, losses } = columns;
  const { srcIdentity, dstIdentity, sport, dport, rare } = columns;
  const { rows, start, direction, conversation } = joined;
  const regions = addressRegions(state, names);
  const { ports, tos } = asksBeyondAddresses(state);
  const classOf = new Uint32Array(joined.count);
  if (tos) {
    classOf.forEach((_, packet) => {
      classOf[packet] = packet;
    });
    return { classOf, representatives: [...classOf] };
  }
  const endpointIds = new Uint32Array(names.size);
  for (const [address, id] of evidence.endpoints) endpointIds[address] = id;
  const macDevices = new Uint32Array(names.size);
  for (const [mac, name] of evidence.devices) macDevices[mac] = name;

  const classes = new Map<number, number>();
  const representatives: number[] = [];
  let low = 0;
  let high = 0;

  /** Mixes a number into two hashes of 32 bits. */
  const mix = (value: number): void => {
    low = Math.imul(low ^ value, 0x01000193);
    high = Math.imul(high ^ value ^ (low >>> 15), 0x85ebca6b);
  };

  /** Where a reply is really going whose last event still has the node's own address: the source of a request of its conversation. */
  const destinationOf = (packet: number, last: number): number => {
    const address = dst[last] ?? 0;
    if (direction[packet] !== reply || endpointIds[address]) return address;
    const group = conversation[packet] ?? 0;
    const from = conversations.start[group] ?? 0;
    const to = conversations.start[group + 1] ?? 0;
    for (let at = from; at < Math.min(to, from + 2 * reach); at++) {
      const other = conversations.packets[at] ?? 0;
      if (direction[other] !== request) continue;
      for (let each = start[other] ?? 0; each < (start[other + 1] ?? 0); each++) {
        if (src[rows[each] ?? 0] === address) return src[rows[start[other] ?? 0] ?? 0] ?? 0;
      }
    }
    return address;
  };

  /** What comes behind a last event that proves nothing by itself: losses, the conversation's other packets, the end of the capture. */
  const mixWhatFollows = (packet: number, last: number): void => {
    mix(last === columns.length - 1 ? 1 : 2);
    const group = conversation[packet] ?? 0;
    let next = columns.length;
    let answered = 0;
    let again = 0;
    const to = conversations.start[group + 1] ?? 0;
    for (let at = conversations.start[group] ?? 0; at < to; at++) {
      const other = conversations.packets[at] ?? 0;
      const first = rows[start[other] ?? 0] ?? 0;
      if (first <= last) continue;
      if (first < next) next = first;
      if (direction[other] === direction[packet]) again = 1;
      else if (direction[other]) answered = 1;
    }
    mix(answered | (again << 1));
    for (const loss of losses) {
      if (loss.row <= last || loss.row > next) continue;
      mix(loss.cpu === 0 || loss.cpu === cpu[last] ? 3 : 4);
    }
  };

  for (let packet = 0; packet < joined.count; packet++) {
    low = 0x811c9dc5;
    high = 0x9747b28c;
    const from = start[packet] ?? 0;
    const to = start[packet + 1] ?? 0;
    const first = rows[from] ?? 0;
    const last = rows[to - 1] ?? 0;
    let before = first;
    for (let at = from; at < to; at++) {
      const row = rows[at] ?? 0;
      const here = point[row] ?? 0;
      const own = endpointIds[dst[row] ?? 0] ?? 0;
      const sender = endpointIds[src[row] ?? 0] ?? 0;
      const ttlStep = Math.sign((ttl[row] ?? 0) - (ttl[before] ?? 0)) + 1;
      const isRare = (flags[row] ?? 0) & rowFlags.rare;
      mix(here | ((protocol[row] ?? 0) << 8) | ((flags[row] ?? 0) << 16));
      mix(here === dropPoint ? (reason[row] ?? 0) : (joined.strength[row] ?? 0));
      mix(regions[src[row] ?? 0] ?? 0);
      mix(regions[dst[row] ?? 0] ?? 0);
      mix(
        Number(own !== 0) |
          (Number(sender !== 0) << 1) |
          (Number(own === dstEndpoint[row]) << 2) |
          (Number(sender === source[row]) << 3) |
          (Number(source[row] !== 0) << 4) |
          (Number(dstEndpoint[row] !== 0) << 5) |
          (Number(src[row] === src[before]) << 6) |
          (Number(dst[row] === dst[before]) << 7) |
          (Number(src[row] === src[first]) << 8) |
          (Number(dst[row] === dst[first]) << 9) |
          (ttlStep << 10) |
          (Number(sport[row] === wireguardPort && dport[row] === wireguardPort) << 12) |
          (Number(protocol[row] === esp) << 13),
      );
      mix(identityKind(srcIdentity[row] ?? 0) | (identityKind(dstIdentity[row] ?? 0) << 9));
      // The device of an endpoint differs from pod to pod and means the same for all of them.
      mix(own !== 0 && own === dstEndpoint[row] ? 1 : (device[row] ?? 0));
      if (!device[row]) mix(macDevices[srcMac[row] ?? 0] ?? 0);
      if (ports) mix((sport[row] ?? 0) | ((dport[row] ?? 0) << 16));
      if (isRare) mix(rare.get(row)?.origIp === undefined ? 1 : 2 + Number(rare.get(row)?.origIp === src[row]));
      if (joined.alternative[row]) mix(7);
      before = row;
    }
    const destination = destinationOf(packet, last);
    mix(regions[destination] ?? 0);
    mix(
      Number((endpointIds[destination] ?? 0) !== 0) |
        ((direction[packet] ?? 0) << 1) |
        ((joined.directionKnown[packet] ?? 0) << 3),
    );
    if (joined.carriedBy.has(packet) || joined.causedBy.has(packet)) mix(packet);
    if (conclusive[point[last] ?? 0] === 0) mixWhatFollows(packet, last);
    // 53 of the 64 bits: what a double holds exactly. Two of a million classes meet with a probability of one in ten thousand.
    const key = (high >>> 0) * 0x200000 + (low & 0x1fffff);
    let found = classes.get(key);
    if (found === undefined) {
      found = representatives.push(packet) - 1;
      classes.set(key, found);
    }
    classOf[packet] = found;
  }
  return { classOf, representatives };
}
