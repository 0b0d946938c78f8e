import type { Packet, PacketReference } from "./packet.js";

/**
 * Packets with higher numbers, for a file in which others come before them: a file of several nodes is joined node by node.
 *
 * @param numbers what to add to the numbers of packets and of conversations
 */
export function renumberPackets(
  packets: readonly Packet[],
  numbers: { readonly packets: number; readonly conversations: number },
): readonly Packet[] {
  if (numbers.packets === 0 && numbers.conversations === 0) return packets;
  const moved = (reference: PacketReference): PacketReference => ({
    ...reference,
    number: reference.number + numbers.packets,
  });
  return packets.map((packet) => {
    const { carriedBy, causedBy, mayGoOnAs, events } = packet;
    return {
      ...packet,
      number: packet.number + numbers.packets,
      conversation: packet.conversation + numbers.conversations,
      events: events.map((joined) =>
        joined.alternative === undefined ? joined : { ...joined, alternative: joined.alternative + numbers.packets },
      ),
      ...(carriedBy && { carriedBy: moved(carriedBy) }),
      ...(causedBy && { causedBy: moved(causedBy) }),
      ...(mayGoOnAs && { mayGoOnAs: moved(mayGoOnAs) }),
    };
  });
}
