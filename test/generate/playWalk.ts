import { endpointId, identityOf, isPodOf, macOf, podDevice } from "./cluster.js";
import type { TraceLine, Wire } from "./monitorLine.js";
import type { DrawnPacket, DrawnPlace, DrawnWalk } from "./scenario.js";

/** An event of a played walk, and where in the walk it is. */
export interface PlayedEvent {
  readonly line: Omit<TraceLine, "cpu">;
  /** Index of its place in the walk. */
  readonly at: number;
  /** Whether monitor aggregation `medium` hides it always. */
  readonly aggregated: boolean;
  /** Whether connection tracking says if it is reported under aggregation. */
  readonly tracked: boolean;
}

/** Ends drawn as `192.0.2.7:443` or `[fd00:1::5]:443`; the port of an echo is its id. */
function readEnd(text: string): { readonly address: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { address: bracketed ?? plain ?? text, port: Number(port ?? 0) };
}

/** The device an event names where the drawing does not: what `ifindex` is at each point in 1.19. */
function usualDevice(place: string, dst: string): string {
  switch (place) {
    case "to-endpoint":
      return podDevice(dst);
    case "to-overlay":
    case "from-overlay":
      return "cilium_vxlan";
    case "to-network":
    case "from-network":
    case "from-host":
      return "eth0";
    case "to-host":
      return "cilium_net";
    case "to-crypto":
    case "from-crypto":
      return "cilium_wg0";
    default:
      return "0";
  }
}

/** Points that report what the program at a native device or at cilium_host passes on, without connection tracking (`monitor` = 0). */
function isUntracked(place: string, before: DrawnPlace | undefined): boolean {
  if (place === "to-crypto") return true;
  if (place === "to-network") return before?.place !== "from-endpoint";
  return place === "to-stack" && before !== undefined && before.place !== "from-endpoint";
}

function tunnelOf(node: string, wire: Wire, place: string, silentNext: boolean): Wire["tunnel"] {
  const inside = place === "to-network" || (place === "from-network" && silentNext);
  if (!inside) return undefined;
  const [own, other] = [`192.0.2.${"abc".indexOf(node) + 1}0`, "192.0.2.90"];
  return place === "to-network"
    ? { src: own, dst: other, id: wire.id + 30_000 }
    : { src: other, dst: own, id: wire.id + 30_000 };
}

function sourceEndpoint(place: string, node: string, wire: Wire): number {
  if (place === "to-endpoint") return endpointId(wire.dst);
  const leavesPod = place === "from-endpoint" || place === "to-stack" || place === "to-overlay" || place === "to-proxy";
  return leavesPod && isPodOf(wire.src, node) ? endpointId(wire.src) : 0;
}

/**
 * Plays a walk: the events that Cilium 1.19 reports of it, in order.
 *
 * @param id the packet's identification, unique in the capture
 */
export function playWalk(packet: DrawnPacket, walk: DrawnWalk, id: number): PlayedEvent[] {
  const { node, places } = walk;
  const reply = packet.words.includes("ACK") || packet.words.includes("EchoReply") || packet.words.includes("reply");
  const [src, dst] = [readEnd(packet.src), readEnd(packet.dst)];
  let wire: Wire = {
    src: src.address,
    dst: dst.address,
    sport: src.port,
    dport: dst.port,
    protocol: packet.protocol,
    flags: packet.words.filter((word) => /^[A-Z]/.test(word)),
    ttl: places[0]?.place === "wire" ? 61 : 64,
    id,
  };
  const played: PlayedEvent[] = [];
  places.forEach((drawn, at) => {
    const { place } = drawn;
    if (drawn.src !== undefined) {
      const { address, port } = readEnd(drawn.src);
      wire = { ...wire, src: address, sport: port || wire.sport };
    }
    if (drawn.dst !== undefined) {
      const { address, port } = readEnd(drawn.dst);
      wire = { ...wire, dst: address, dport: port || wire.dport };
    }
    if (drawn.ttl !== undefined) wire = { ...wire, ttl: drawn.ttl };
    const next = places[at + 1]?.place;
    const forwarded = place === "routing" && next !== "host-process" && next !== "proxy-process";
    if (forwarded || place === "to-endpoint") wire = { ...wire, ttl: wire.ttl - 1 };
    if (drawn.silent) return;
    const encapsulated = places.slice(0, at).some((before) => before.place === "encapsulation");
    const tunnel = encapsulated || next === "outer-delivery" ? tunnelOf(node, wire, place, true) : undefined;
    const receives = place.startsWith("from-");
    const inbound = place === "from-network";
    const tracked = place === "to-endpoint" || (!receives && !isUntracked(place, places[at - 1]));
    const device = drawn.device ?? usualDevice(place, wire.dst);
    played.push({
      at,
      aggregated: receives || isUntracked(place, places[at - 1]),
      tracked,
      line: {
        point: place,
        ...(drawn.reason === undefined ? {} : { reason: drawn.reason }),
        device: device === "-" || place === "from-endpoint" ? "0" : device,
        state: drawn.state ?? (tracked ? (reply ? "reply" : "new") : "unknown"),
        source: sourceEndpoint(place, node, wire),
        dstEndpoint: place === "to-endpoint" ? endpointId(wire.dst) : place === "to-proxy" && !reply ? 11_000 : 0,
        srcIdentity: identityOf(wire.src, node),
        dstIdentity: receives ? 0 : identityOf(wire.dst, node),
        macs: inbound ? [macOf("x"), macOf(node)] : [macOf(node), macOf("x")],
        wire: tunnel ? { ...wire, tunnel } : wire,
      },
    });
  });
  return played;
}
