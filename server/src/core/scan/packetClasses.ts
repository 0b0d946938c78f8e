import { dropPoint, rowFlags } from "../capture/columns/eventColumns.js";
import type { Names } from "../capture/columns/names.js";
import { protocols } from "../capture/columns/protocolNumber.js";
import { directions } from "../capture/joining/joinedColumns.js";
import { mixHash } from "../capture/joining/rowTable.js";
import { observationPoints } from "../cilium/observationPoints.js";
import { addressKind } from "../net/addressKind.js";
import type { NodeState } from "../state/nodeState.js";
import { addressRegions } from "./addressRegions.js";
import type { CaptureSegment, CaptureSegments, LossPlace, PacketTable } from "./captureSegment.js";
import { conversationFacts } from "./conversationFacts.js";
import type { ConversationTable } from "./conversationTable.js";
import { createKeyNumbers } from "./keyNumbers.js";
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

const reply = directions.indexOf("reply");

/** Points behind which a walk ends for certain, whatever comes later in the capture. */
const conclusive = new Uint8Array(256);
for (const name of ["to-endpoint", "to-host", "to-overlay", "to-crypto", "to-network"]) {
  const code = observationPoints.find((point) => point.name === name)?.code;
  if (code !== undefined) conclusive[code] = 1;
}
conclusive[dropPoint] = 1;

const addressKinds = ["unspecified", "loopback", "multicast", "broadcast", "link-local", "unicast"] as const;

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

/** As `mixHash`, with other constants: of two keys that meet in the one hash, hardly any meet in the other (after MurmurHash3). */
function mixOther(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ Math.imul(value, 0xcc9e2d51), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** What classes are made of. */
export interface ClassedCapture {
  readonly segments: CaptureSegments;
  readonly joined: PacketTable;
  readonly conversations: ConversationTable;
  readonly names: Names;
  readonly evidence: NodeEvidence;
  readonly losses: readonly LossPlace[];
}

/** The segments of a capture, one after the other. */
function* inTurn(segments: CaptureSegments): Generator<CaptureSegment> {
  for (let index = 0; index < segments.spans.length; index++) yield segments.at(index);
}

/** Sorts the packets into classes. Takes time linear in the number of rows, and goes through the segments twice. */
export function packetClasses(
  { segments, joined, conversations, names, evidence, losses }: ClassedCapture,
  state: NodeState,
): PacketClasses {
  const { direction, conversation } = joined;
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

  const numberOf = createKeyNumbers();
  const representatives: number[] = [];

  const facts = conversationFacts(joined, conversations, losses.length > 0);
  for (const segment of inTurn(segments)) facts.add(segment);
  const end = segments.spans.reduce((latest, { to }) => Math.max(latest, to), -1);

  /** Where a reply is really going whose last event still has the node's own address: the source of a request of its conversation. */
  const destinationOf = (packet: number, address: number): number =>
    direction[packet] !== reply || endpointIds[address] ? address : facts.originOf(conversation[packet] ?? 0, address);

  /** What tells whether a dropped packet is chatter of the link (`capture/linking/linkChatter`). */
  const chatterKind = ({ src, dst, protocol, detail }: CaptureSegment["columns"], row: number): number => {
    const [from, to] = [names.address(src[row] ?? 0), names.address(dst[row] ?? 0)];
    const kinds = [from, to].map((address) =>
      address ? addressKinds.indexOf(addressKind(address)) : addressKinds.length,
    );
    return mixHash(
      ((kinds[0] ?? 0) << 4) | (kinds[1] ?? 0),
      protocol[row] === protocols.icmpv6 ? (detail[row] ?? 0) : 0,
    );
  };

  /**
   * What comes behind a last event that proves nothing by itself: losses, the conversation's other packets, the end of the capture.
   *
   * @param last where that event begins
   */
  const whatFollows = (packet: number, last: number, cpu: number): number => {
    const group = conversation[packet] ?? 0;
    const own = direction[packet] ?? 0;
    const again = facts.lastBegin(group, own) > last;
    const answered = directions.some(
      (_, other) => other !== 0 && other !== own && facts.lastBegin(group, other) > last,
    );
    const isBehind = losses.some(({ at }) => at > last);
    const next = isBehind ? Math.min(facts.nextBegin(group, cpu, last), end + 1) : 0;
    let lost = 0;
    for (const loss of losses) {
      if (loss.at <= last || Math.min(loss.at, end + 1) > next) continue;
      lost |= loss.cpu === 0 || loss.cpu === cpu ? 1 : 2;
    }
    return 1 | (Number(last === end) << 1) | (Number(answered) << 2) | (Number(again) << 3) | (lost << 4);
  };

  function classify({ columns, rows, start, count, strength, alternative, firstPacket }: CaptureSegment): void {
    const { point, flags, protocol, ttl, src, dst, device, srcMac, source, dstEndpoint, cpu, reason } = columns;
    const { srcIdentity, dstIdentity, sport, dport, detail, rare } = columns;
    for (let own = 0; own < count; own++) {
      const packet = firstPacket + own;
      let low = 0x811c9dc5 | 0;
      let high = 0x1b873593;
      const from = start[own] ?? 0;
      const to = start[own + 1] ?? 0;
      const first = rows[from] ?? 0;
      const last = rows[to - 1] ?? 0;
      let before = first;
      for (let at = from; at < to; at++) {
        const row = rows[at] ?? 0;
        const here = point[row] ?? 0;
        const [fromAddress, toAddress] = [src[row] ?? 0, dst[row] ?? 0];
        const receiver = endpointIds[toAddress] ?? 0;
        const sender = endpointIds[fromAddress] ?? 0;
        const said = flags[row] ?? 0;
        const shape =
          Number(receiver !== 0) |
          (Number(sender !== 0) << 1) |
          (Number(receiver === dstEndpoint[row]) << 2) |
          (Number(sender === source[row]) << 3) |
          (Number(source[row] !== 0) << 4) |
          (Number(dstEndpoint[row] !== 0) << 5) |
          (Number(fromAddress === src[before]) << 6) |
          (Number(toAddress === dst[before]) << 7) |
          (Number(fromAddress === src[first]) << 8) |
          (Number(toAddress === dst[first]) << 9) |
          ((Math.sign((ttl[row] ?? 0) - (ttl[before] ?? 0)) + 1) << 10) |
          (Number(sport[row] === wireguardPort && dport[row] === wireguardPort) << 12) |
          (Number(protocol[row] === esp) << 13) |
          (Number(alternative[row] !== 0) << 14) |
          ((strength[row] ?? 0) << 15);
        // The device of an endpoint differs from pod to pod and means the same for all of them.
        const port = receiver !== 0 && receiver === dstEndpoint[row] ? 1 : (device[row] ?? 0);
        const identities = identityKind(srcIdentity[row] ?? 0) | (identityKind(dstIdentity[row] ?? 0) << 9);
        const seen = here | ((protocol[row] ?? 0) << 8) | (said << 16);
        const [fromRegion, toRegion] = [regions[fromAddress] ?? 0, regions[toAddress] ?? 0];
        low = mixHash(
          mixHash(mixHash(mixHash(mixHash(mixHash(low, seen), shape), fromRegion), toRegion), port),
          identities,
        );
        high = mixOther(
          mixOther(mixOther(mixOther(mixOther(mixOther(high, seen), shape), fromRegion), toRegion), port),
          identities,
        );
        let more = here === dropPoint ? mixHash(reason[row] ?? 0, chatterKind(columns, row)) : 0;
        if (device[row] === 0) more = mixHash(more, macDevices[srcMac[row] ?? 0] ?? 0);
        if (protocol[row] === protocols.frame) more = mixHash(more, detail[row] ?? 0);
        if (said & rowFlags.rare) {
          const origIp = rare.get(row)?.origIp;
          more = mixHash(more, origIp === undefined ? 1 : 2 + Number(origIp === src[row]));
        }
        const asked = ports ? (sport[row] ?? 0) | ((dport[row] ?? 0) << 16) : 0;
        low = mixHash(mixHash(low, more), asked);
        high = mixOther(mixOther(high, more), asked);
        before = row;
      }
      const destination = destinationOf(packet, dst[last] ?? 0);
      const ending =
        Number((endpointIds[destination] ?? 0) !== 0) |
        ((direction[packet] ?? 0) << 1) |
        ((joined.directionKnown[packet] ?? 0) << 3) |
        ((conclusive[point[last] ?? 0] === 0 ? whatFollows(packet, columns.start[last] ?? 0, cpu[last] ?? 0) : 0) << 5);
      const isSingle = joined.carriedBy.has(packet) || joined.causedBy.has(packet) || joined.mayGoOnAs.has(packet);
      const single = isSingle ? packet + 1 : 0;
      const region = regions[destination] ?? 0;
      low = mixHash(mixHash(mixHash(low, region), ending), single);
      high = mixOther(mixOther(mixOther(high, region), ending), single);
      const found = numberOf(low, high);
      if (found === representatives.length) representatives.push(packet);
      classOf[packet] = found;
    }
  }

  for (const segment of inTurn(segments)) classify(segment);
  return { classOf, representatives };
}
