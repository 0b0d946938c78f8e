import type { Endpoint } from "../capture/columns/endpoints.js";
import type { Packet } from "../capture/packet.js";
import type { Address } from "../net/address.js";
import type { DatapathFacts, PacketDestination } from "./datapathFacts.js";
import { finalDestination } from "./flowAtRouting.js";
import { placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";

/** A packet that is to be walked, and where it was going. */
export interface Subject {
  readonly packet: Packet;
  /** With every translation undone. */
  readonly destination: Address | undefined;
  /** The endpoint of this node that it is for. */
  readonly endpoint: Endpoint | undefined;
  readonly kind: PacketDestination | undefined;
  /** The facts of the node, with what is known of this packet. */
  readonly facts: DatapathFacts;
}

/** Identities of this node itself and of its Envoy (pkg/identity/numericidentity.go, 1.19): `host`, `ingress`. */
const hostIdentity = 1;
const ingressIdentity = 8;

function destinationKind(packet: Packet, endpoint: Endpoint | undefined): PacketDestination | undefined {
  if (endpoint) return "local-pod";
  for (const { event } of packet.events) {
    const place = placeOfEvent(event);
    if (place === "to-endpoint") return "local-pod";
    if (place === "to-proxy") return "proxy";
    if (place === "to-host") return "host";
    if (place === "to-overlay" || place === "to-network" || place === "to-crypto") return "elsewhere";
    if (event.type !== "trace" || !place?.startsWith("to-")) continue;
    if (event.dstIdentity === hostIdentity) return "host";
    if (event.dstIdentity === ingressIdentity) return "proxy";
  }
  return undefined;
}

/** Gathers what is known of a packet before it is walked. */
export function subjectOf(context: PathContext, packet: Packet): Subject {
  const destination = finalDestination(context, packet);
  const endpoint = destination && context.endpointAt(packet.file, destination);
  const kind = destinationKind(packet, endpoint);
  return { packet, destination, endpoint, kind, facts: { ...context.facts, ...(kind ? { destination: kind } : {}) } };
}
