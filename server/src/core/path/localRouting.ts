import type { Decision } from "../fib/decision.js";
import type { PacketEvent, PacketHeaders } from "../monitor/event.js";
import { fwmarkSent } from "./fwmarkAt.js";
import { placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { lookupRouted } from "./routedPacket.js";

/** The look-up of a packet that a process of this node, or its proxy, has sent and that `event` saw first. */
export function routingOfSent({ state }: PathContext, event: PacketEvent): Decision | undefined {
  const { headers } = event;
  if (!headers?.ip) return undefined;
  const fwmark = fwmarkSent(placeOfEvent(event) === "from-proxy" ? "proxy" : "process");
  const { src, dst } = headers.ip;
  return lookupRouted(state, { headers, src, dst, iif: undefined, events: [], fwmark, local: true });
}

/**
 * The look-up of the outer packet that a tunnel's device sends, where the event shows its headers. The device asks without a source
 * (Linux 6.1 drivers/net/vxlan/vxlan_core.c: vxlan_get_route; Cilium sets the remote address alone).
 */
export function routingOfOuter({ state }: PathContext, tunnel: PacketHeaders | undefined): Decision | undefined {
  if (!tunnel?.ip) return undefined;
  const { dst } = tunnel.ip;
  const fwmark = fwmarkSent("tunnel");
  return lookupRouted(state, { headers: tunnel, src: null, dst, iif: undefined, events: [], fwmark, local: true });
}
