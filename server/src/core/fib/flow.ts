import type { Address, Family } from "../net/address.js";

/**
 * What the kernel looks up: struct flowi4 / flowi6. A field that is `undefined` is *open*: not known, so a rule that compares it
 * makes the answer branch. Use `null` for what is known to be absent.
 */
export interface Flow {
  readonly family: Family;
  readonly dst: Address;
  /** `null`: locally generated and no source chosen yet (IPv4 then compares 0.0.0.0, IPv6 matches no `from`). */
  readonly src: Address | null;
  /** The device the packet came in by; `"lo"` for packets generated on this host. */
  readonly iif: string | undefined;
  /** The device the socket is bound to; `null` for none, which is always so for forwarded packets. */
  readonly oif: string | null;
  readonly fwmark: number | undefined;
  /** The whole tos / traffic class byte. */
  readonly tos: number | undefined;
  /** IPv6 flow label, 20 bits. */
  readonly flowlabel: number | undefined;
  /** uid of the sending socket; 0 for forwarded packets and those of the kernel. */
  readonly uid: number | undefined;
  /** IP protocol number. */
  readonly ipproto: number | undefined;
  /** 0 where the protocol has none (ICMP) or the packet is a later fragment. */
  readonly sport: number | undefined;
  readonly dport: number | undefined;
  readonly tunId: bigint | undefined;
  /**
   * IPv6 only: `oif` comes from a request such as `ip route get ... oif`, not from a bound socket. The kernel then takes it as a
   * filter while no source is chosen, and as a preference afterwards (net/ipv6/route.c: ip6_route_output_flags).
   */
  readonly oifRequested?: true;
  /** The VRF the flow belongs to, where neither `oif` nor `iif` tells: the reverse look-up of source validation. */
  readonly vrf?: string;
}

/** What is known of a packet that passes through the node. */
export interface ForwardedPacket {
  readonly src: Address;
  readonly dst: Address;
  /** The device it came in by, where known. */
  readonly iif?: string | undefined;
  readonly fwmark?: number | undefined;
  readonly tos?: number | undefined;
  readonly flowlabel?: number | undefined;
  readonly ipproto?: number | undefined;
  readonly sport?: number | undefined;
  readonly dport?: number | undefined;
  readonly tunId?: bigint | undefined;
}

/** What is known of a packet that a process of the node sends. */
export interface LocalPacket extends Omit<ForwardedPacket, "src" | "iif"> {
  /** The chosen source: a bound socket, an established connection, a reply. Absent or null while none is chosen. */
  readonly src?: Address | null | undefined;
  /** The device the socket is bound to. */
  readonly oif?: string | null | undefined;
  readonly uid?: number | undefined;
}

/**
 * Protocols whose first four octets the kernel reads as ports (net/core/flow_dissector.c, proto_ports_offset): TCP, UDP, DCCP,
 * ESP, AH, SCTP, UDP-Lite. ICMP and all others have the ports 0.
 */
export const protocolsWithPorts = new Set([6, 17, 33, 50, 51, 132, 136]);

/** Whether packets of an IP protocol have ports, as the kernel reads them. */
export function hasPorts(ipproto: number): boolean {
  return protocolsWithPorts.has(ipproto);
}

/**
 * The flow of a packet that came in by a device: no bound device, and uid 0, because no socket of this node sent it
 * (net/ipv4/route.c: ip_route_input_slow, ip6_route_input). What the packet does not tell stays open.
 */
export function forwardedFlow(packet: ForwardedPacket): Flow {
  return flowOf(packet, packet.src, packet.iif, null, 0, packet.tunId);
}

/** The flow of a packet that this node itself sends: it "comes in" by `lo`. The uid stays open where it is not given. */
export function localFlow(packet: LocalPacket): Flow {
  return flowOf(packet, packet.src ?? null, "lo", packet.oif ?? null, packet.uid, packet.tunId ?? 0n);
}

function flowOf(
  packet: Omit<ForwardedPacket, "src">,
  src: Address | null,
  iif: string | undefined,
  oif: string | null,
  uid: number | undefined,
  tunId: bigint | undefined,
): Flow {
  const { dst, ipproto } = packet;
  const ports = ipproto === undefined || hasPorts(ipproto) ? undefined : 0;
  return {
    family: dst.family,
    dst,
    src,
    iif,
    oif,
    fwmark: packet.fwmark,
    tos: packet.tos,
    flowlabel: packet.flowlabel,
    uid,
    ipproto,
    sport: packet.sport ?? ports,
    dport: packet.dport ?? ports,
    tunId,
  };
}
