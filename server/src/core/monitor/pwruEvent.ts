import { type Address, parseAddress } from "../net/address.js";
import type { KernelEvent, PacketHeaders, TransportHeader } from "./event.js";
import { ipProtocolName } from "./ipProtocols.js";
import { tcpFlagNames } from "./tcpFlags.js";

/** What pwru prints as its function: a name, then why a packet is freed, then what kind of BPF program it is. */
const functionWords = /^([^\s()]{1,200})(?: ?\(([A-Z0-9_]{1,80})\))?(?:\((tc|xdp)\))?$/;

/** Takes a function apart as pwru prints it: `kfree_skb_reason(SKB_DROP_REASON_NO_SOCKET)`, `cil_from_netdev(tc)`. */
export function readFunction(text: string): Pick<KernelEvent, "function" | "dropReason" | "hook"> {
  const [, name, dropReason, hook] = functionWords.exec(text) ?? [];
  if (name === undefined) return { function: text };
  return {
    function: name,
    ...(dropReason !== undefined && { dropReason }),
    ...(hook !== undefined && { hook: hook === "tc" ? "tc" : "xdp" }),
  };
}

/** `eth0:2` is name and number, `2` the number alone; a long name loses its beginning to a `~`. */
export function readInterface(text: string): Pick<KernelEvent, "ifname" | "ifindex"> {
  const [, name, index] = /^(?:(\S{1,40}):)?(\d{1,10})$/.exec(text) ?? [];
  if (index === undefined) return text === "" ? {} : { ifname: text };
  return { ...(name !== undefined && { ifname: name }), ...(index !== "0" && { ifindex: Number(index) }) };
}

/** The ends of a packet as pwru has them: ports are 0 where the protocol has none, IPv6 addresses stand in brackets. */
export interface PwruTuple {
  readonly source: string;
  readonly destination: string;
  readonly sport: number;
  readonly dport: number;
  /** IP protocol; 0 where the packet is no IP packet. */
  readonly protocol: number;
  /** TCP flags as `--output-tcp-flags` prints them: `SYN|ACK`. */
  readonly flags?: string;
}

/**
 * The headers of a packet from its tuple and, where it is encapsulated, from the tuple of the packet inside, whose headers then count.
 * `undefined` where there is no address.
 */
export function headersOfTuples(tuple: PwruTuple | undefined, inner: PwruTuple | undefined): PacketHeaders | undefined {
  const outer = tuple && headersOf(tuple);
  const inside = inner && headersOf(inner);
  return inside && outer ? { ...inside, tunnel: outer } : (inside ?? outer);
}

function headersOf(tuple: PwruTuple): PacketHeaders | undefined {
  const src = readAddress(tuple.source);
  const dst = readAddress(tuple.destination);
  if (!src || !dst) return undefined;
  const l4 = readTransport(tuple);
  const protocol = tuple.protocol === 0 ? {} : { protocol: ipProtocolName(tuple.protocol) };
  return { ip: { src, dst, ...protocol }, ...(l4 && { l4 }) };
}

/** All zeros stand for none. */
function readAddress(text: string): Address | undefined {
  const address = parseAddress(text.replace(/^\[(.*)\]$/, "$1"));
  return address && address.value !== 0n ? address : undefined;
}

function readTransport({ protocol, sport, dport, flags = "" }: PwruTuple): TransportHeader | undefined {
  if (protocol === 17) return { protocol: "udp", sport, dport };
  if (protocol === 132) return { protocol: "sctp", sport, dport };
  if (protocol !== 6) return undefined;
  const set = flags.split("|");
  return { protocol: "tcp", sport, dport, flags: tcpFlagNames.filter((flag) => set.includes(flag)) };
}
