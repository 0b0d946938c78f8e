/** An Ethernet header; events at cilium_wg0 have none, others mostly do. */
const ethernetHeader = 14;
const ipHeaders = [20, 40] as const;
const udpHeader = 8;

/** Header of a data message (type, receiver, counter) and authentication tag (WireGuard white paper, section 5.4.6). */
const wireguardOverhead = 32;
const wireguardBlock = 16;

/**
 * A packet that hardly fits into the device's MTU is padded up to that only (drivers/net/wireguard/send.c: calculate_skb_padding); IPv6 asks
 * for links of this many bytes at least (RFC 8200 section 5).
 */
const leastMtu = 1280;

/**
 * What ESP in tunnel mode puts around an IP packet beside the outer IP header (RFC 4303 section 2): SPI and sequence (8), an initialisation
 * vector (8 for GCM to 16 for CBC), padding (up to 15) with its length and the next header (2), and the integrity value (12 to 32).
 */
const espOverhead = { least: 8 + 8 + 2 + 12, most: 8 + 16 + 15 + 2 + 32 } as const;

/** The lengths that a frame may have without its Ethernet header. */
function packetLengths(bytes: number): readonly number[] {
  return [bytes - ethernetHeader, bytes];
}

/** Whether WireGuard makes of a packet of `inner` bytes one of `outer` bytes, each with or without an Ethernet header. */
export function wireguardMayCarry(inner: number, outer: number): boolean {
  if (inner === 0 || outer === 0) return false;
  return packetLengths(outer).some((length) =>
    ipHeaders.some((ip) => {
      const payload = length - ip - udpHeader - wireguardOverhead;
      return packetLengths(inner).some((plain) => {
        const padded = Math.ceil(plain / wireguardBlock) * wireguardBlock;
        return payload === padded || (payload >= leastMtu && payload >= plain && payload < padded);
      });
    }),
  );
}

/** Whether ESP may make of a packet of `inner` bytes one of `outer` bytes; which cipher is used no event tells. */
export function ipsecMayCarry(inner: number, outer: number): boolean {
  if (inner === 0 || outer === 0) return false;
  return packetLengths(outer).some((length) =>
    ipHeaders.some((ip) =>
      packetLengths(inner).some((plain) => {
        const overhead = length - ip - plain;
        return overhead >= espOverhead.least && overhead <= espOverhead.most;
      }),
    ),
  );
}

/** An IP, UDP and VXLAN or Geneve header, which the tunnel puts around a frame before it is encrypted; over IPv6, twenty bytes more. */
const tunnelOverheads = [50 - ethernetHeader, 70 - ethernetHeader] as const;

/** The lengths of a frame of `bytes` in the tunnel, without Ethernet header. */
export function tunnelled(bytes: number): readonly number[] {
  return tunnelOverheads.map((overhead) => bytes + overhead);
}
