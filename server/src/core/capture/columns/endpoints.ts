import type { MonitorEvent } from "../../monitor/event.js";
import { type Address, formatAddress } from "../../net/address.js";
import type { Place } from "../../text/span.js";

/** A pod (or other managed endpoint) of this node, as its own events show it. */
export interface Endpoint {
  readonly id: number;
  readonly address: Address;
  readonly identity: number;
  /** Host side of its device pair, where an event names it. */
  readonly device?: string;
  /** An event that shows it. */
  readonly place: Place;
}

/** Endpoints by address (canonical notation). */
export type Endpoints = ReadonlyMap<string, Endpoint>;

/**
 * The endpoints that live on this node: a `from-endpoint` event is emitted by the sender's own program and a `to-endpoint` event
 * by the receiver's, so the address beside it is the endpoint's (Cilium 1.19, bpf/bpf_lxc.c: cil_from_container, tail_ipv4_policy).
 */
export function learnEndpoints(events: Iterable<MonitorEvent>): Map<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const event of events) {
    if (event.type !== "trace" || !event.headers?.ip) continue;
    const sends = event.observationPoint === "from-endpoint";
    const receives = event.observationPoint === "to-endpoint";
    if (!sends && !receives) continue;
    const id = sends ? event.source : event.dstEndpoint || event.source;
    if (id === 0) continue;
    const address = sends ? event.headers.ip.src : event.headers.ip.dst;
    const device = receives ? event.ifname : undefined;
    const key = formatAddress(address);
    const known = endpoints.get(key);
    if (known?.id === id && (known.device !== undefined || device === undefined)) continue;
    endpoints.set(key, {
      id,
      address,
      identity: sends ? event.srcIdentity : event.dstIdentity,
      ...(device === undefined ? {} : { device }),
      place: event.place,
    });
  }
  return endpoints;
}
