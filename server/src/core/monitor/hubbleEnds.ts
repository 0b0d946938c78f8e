import { type Address, parseAddress } from "../net/address.js";
import type { PacketHeaders, TransportHeader } from "./event.js";
import { tcpFlagNames } from "./tcpFlags.js";

/** An end of a flow as text prints it. */
export interface HubbleEnd {
  /** The MAC address of a frame without an IP packet. */
  readonly mac?: string;
  readonly address?: Address;
  readonly port?: number;
  /** `namespace/pod`. */
  readonly pod?: string;
  /** A service or DNS names. */
  readonly name?: string;
}

/** Both ends of a packet. */
export interface HubbleEnds {
  readonly from: HubbleEnd;
  readonly to: HubbleEnd;
}

const mac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/**
 * An end as printed: an address, or a name in its place. A pod and a service look the same, but a service's address has the identity
 * world; DNS names have no slash (hubble/pkg/printer: Hostname).
 */
export function readEnd(text: string, identity: string | undefined): HubbleEnd {
  const bare = parseAddress(text);
  if (bare) return { address: bare };
  if (mac.test(text)) return { mac: text };
  const colon = /:\d{1,5}$/.exec(text);
  const host = colon ? text.slice(0, colon.index) : text;
  const number = colon ? Number(colon[0].slice(1)) : Number.POSITIVE_INFINITY;
  const address = parseAddress(host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host);
  const isPod = host.includes("/") && !identity?.startsWith("world");
  const end: HubbleEnd = address ? { address } : isPod ? { pod: host } : { name: host };
  return number <= 65535 ? { ...end, port: number } : end;
}

/** What a row tells of the packet: its ends, and the words of its summary (`TCP Flags: SYN`, `ICMPv4 EchoRequest`). */
export function readRowHeaders({ from, to }: HubbleEnds, words: string): PacketHeaders | undefined {
  const ip = from.address && to.address ? { src: from.address, dst: to.address } : undefined;
  const l4 = readTransport(from, to, words);
  const ethernet = from.mac && to.mac ? { src: from.mac, dst: to.mac } : undefined;
  if (!ethernet && !ip && !l4) return undefined;
  return { ...(ethernet && { ethernet }), ...(ip && { ip }), ...(l4 && { l4 }) };
}

function readTransport(from: HubbleEnd, to: HubbleEnd, words: string): TransportHeader | undefined {
  const icmp = /(?:^|; )(ICMPv[46]) ([^;]{1,60})/.exec(words);
  if (icmp) return { protocol: icmp[1] === "ICMPv4" ? "icmp" : "icmpv6", typeCode: icmp[2] ?? "" };
  if (from.port === undefined || to.port === undefined) return undefined;
  const ports = { sport: from.port, dport: to.port };
  const flags = /(?:^|; )TCP Flags: ([A-Z, ]{0,60})/.exec(words)?.[1]?.split(", ");
  if (flags) return { protocol: "tcp", ...ports, flags: tcpFlagNames.filter((flag) => flags.includes(flag)) };
  const protocol = /(?:^|; )(UDP|SCTP)(?:;|$)/.exec(words)?.[1];
  return protocol ? { protocol: protocol === "UDP" ? "udp" : "sctp", ...ports } : undefined;
}
