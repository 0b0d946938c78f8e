import type { MonitorEvent, PacketEvent, TraceEvent } from "../monitor/event.js";
import { type ObservationPlaceId, placeOfObservationPoint } from "./datapathPlaces.js";

/** The place of an event: that of its observation point. Drops have none of their own. */
export function placeOfEvent(event: PacketEvent): ObservationPlaceId | undefined {
  return event.type === "trace" ? placeOfObservationPoint(event.observationPoint) : undefined;
}

/**
 * Whether a program has put the packet into another one, with SRv6: the kernel routes that one then, to a segment that no event shows
 * (Cilium, one recent version of bpf/lib/srv6.h: tail_srv6_encap, from bpf_lxc.c).
 */
export function isInSrv6(event: PacketEvent): boolean {
  return event.type === "trace" && event.state === "srv6-encap";
}

/** What stands behind the IPv6 header of a packet in SRv6, by gopacket's names: a routing header, or the inner packet itself (reduced encapsulation). */
const srv6Payloads: ReadonlySet<string> = new Set(["IPv6Routing", "IPv4", "IPv6"]);

/**
 * Whether a packet that came in may be one that holds another with SRv6: the program takes that one out, and no event shows the outer one again
 * (Cilium, one recent version of bpf/lib/srv6.h: is_srv6_packet, tail_srv6_decap, from bpf_host.c).
 */
export function mayHoldSrv6(event: PacketEvent): boolean {
  const ip = event.headers?.ip;
  return placeOfEvent(event) === "from-network" && ip?.dst.family === 6 && srv6Payloads.has(ip.protocol ?? "");
}

/** The device that receives on a MAC address. */
export type DeviceWithMac = (mac: string) => string | undefined;

function named(event: TraceEvent): string | undefined {
  // A CLI that could not resolve the index prints the number.
  return event.ifname === undefined || /^\d+$/.test(event.ifname) ? undefined : event.ifname;
}

/** Learns which device has which MAC address: a unicast frame that came in is addressed to the device it came in by. */
export function learnDevices(events: Iterable<MonitorEvent>): Map<string, string> {
  const devices = new Map<string, string>();
  for (const event of events) {
    if (event.type !== "trace" || event.observationPoint !== "from-network") continue;
    const device = named(event);
    const mac = event.headers?.ethernet?.dst;
    if (device !== undefined && mac !== undefined) devices.set(mac, device);
  }
  return devices;
}

/**
 * The device at which an event saw its packet, if it can be told. What an event calls `ifindex` is not always that device:
 * a `from-host` event carries the one the packet first came in by, and `to-network` had none before Cilium 1.13.
 * (bpf/bpf_host.c: cil_from_host passes ctx->ingress_ifindex, cil_to_netdev passed 0.)
 */
export function deviceOfEvent(event: PacketEvent, deviceWithMac: DeviceWithMac): string | undefined {
  if (event.type !== "trace") return undefined;
  switch (event.observationPoint) {
    case "from-host":
      return "cilium_host";
    case "to-network":
      return named(event) ?? deviceWithMac(event.headers?.ethernet?.src ?? "");
    case "from-network":
    case "to-endpoint":
    case "to-overlay":
    case "from-overlay":
      return named(event);
    default:
      return undefined;
  }
}
