import type { Packet } from "../capture/packet.js";
import type { MonitorEvent, PacketHeaders, SocketEvent } from "../monitor/event.js";
import { formatAddress } from "../net/address.js";
import type { Witness } from "./witness.js";

function peerName({ peer: { address, port }, protocol }: SocketEvent): string | undefined {
  return address === undefined || port === undefined
    ? undefined
    : `${protocol ?? ""} ${formatAddress(address)} ${port}`;
}

/** The end that a packet goes to or, in a reply, comes from. */
function servedEnd({ ip, l4 }: PacketHeaders, direction: Packet["direction"]): string | undefined {
  if (!ip || !l4 || !("sport" in l4)) return undefined;
  const [address, port] = direction === "reply" ? [ip.src, l4.sport] : [ip.dst, l4.dport];
  return `${l4.protocol} ${formatAddress(address)} ${port}`;
}

/** A socket's peer before and after. */
interface Translation {
  readonly from: SocketEvent;
  readonly to: SocketEvent;
}

/** The translations on the way out, by what they lead to: a look-up before, and one after with the same socket's cookie. */
function translations(events: Iterable<MonitorEvent>): Map<string, Translation[]> {
  const asked = new Map<bigint | undefined, SocketEvent>();
  const found = new Map<string, Translation[]>();
  for (const event of events) {
    if (event.type !== "trace-sock") continue;
    if (event.point === "pre-xlate-fwd") asked.set(event.cookie, event);
    if (event.point !== "post-xlate-fwd") continue;
    const from = asked.get(event.cookie);
    const name = peerName(event);
    asked.delete(event.cookie);
    if (!from || name === undefined || peerName(from) === name) continue;
    const group = found.get(name) ?? [];
    group.push({ from, to: event });
    found.set(name, group);
  }
  return found;
}

/**
 * What the socket load balancer did for the packets of a node: with it, the service's address never stands in a packet (bpf/bpf_sock.c). Its
 * events name the peer but not the socket's own end, so they tell which service leads to a destination, not that this connection was
 * one of them.
 */
export function socketWitnesses(events: Iterable<MonitorEvent>): (packet: Packet) => Witness | undefined {
  const byPeer = translations(events);
  return ({ headers, direction }) => {
    const name = headers && byPeer.size > 0 ? servedEnd(headers, direction) : undefined;
    const group = name === undefined ? undefined : byPeer.get(name);
    const latest = group?.at(-1);
    if (!group || !latest) return undefined;
    const services = new Set(group.map(({ from }) => peerName(from))).size;
    return { type: "socket", ...latest, sockets: group.length, services };
  };
}
