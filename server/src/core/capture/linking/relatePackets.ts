import type { Completeness } from "../completeness.js";
import { markRepeats } from "../joining/markRepeats.js";
import type { Packet } from "../packet.js";
import { linkEncrypted } from "./linkEncrypted.js";
import { linkErrors } from "./linkErrors.js";

/** What of a capture decides how sure its packets' relations are. */
export interface RelatedCapture extends Completeness {
  /** Whether the packets are some of a larger capture's: the only one here may be one of many there. */
  readonly isPart: boolean;
}

/** The packet in each packet that carries one through the tunnel. */
function withCarried(packets: readonly Packet[]): Packet[] {
  const inside = new Map(packets.flatMap((packet) => (packet.carriedBy ? [[packet.carriedBy.number, packet]] : [])));
  return packets.map((packet) => {
    const { file, number, carriedBy } = inside.get(packet.number) ?? {};
    if (packet.carries || !file || number === undefined || !carriedBy) return packet;
    return { ...packet, carries: { ...carriedBy, file, number } };
  });
}

/**
 * Binds the packets of one capture to each other beyond what joining knows: encrypted ones to what they carry, ICMP errors to what they are
 * about, retransmissions to what they repeat.
 */
export function relatePackets(packets: readonly Packet[], { isWhole, losses, isPart }: RelatedCapture): Packet[] {
  const encrypted = isPart ? packets : linkEncrypted(packets, { isWhole, losses });
  return markRepeats(linkErrors(withCarried(encrypted)), { isWhole, losses });
}
