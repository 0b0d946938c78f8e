/** Places that report a packet: Cilium's observation points (bpf/lib/trace.h). */
export type ObservationPlaceId =
  | "from-endpoint"
  | "to-endpoint"
  | "to-stack"
  | "to-host"
  | "to-proxy"
  | "to-overlay"
  | "to-network"
  | "to-crypto"
  | "from-proxy"
  | "from-host"
  | "from-stack"
  | "from-overlay"
  | "from-network"
  | "from-crypto";

/** Places that emit no event: the packet must have passed them, between two that do. */
export type SilentPlaceId =
  | "pod"
  | "wire"
  | "prerouting"
  | "routing"
  | "postrouting"
  /** On the way out: the tunnel's device puts the packet into another one, WireGuard or XFRM encrypts it, the outer packet is looked up. */
  | "encapsulation"
  | "encryption"
  | "outer-routing"
  /** On the way in: the outer packet is for this node, and is decrypted and unpacked. */
  | "outer-delivery"
  | "decryption"
  | "decapsulation"
  | "host-process"
  | "proxy-process"
  /** Not a place on the way but the end of one: a Cilium program dropped the packet here. */
  | "dropped";

export type DatapathPlaceId = ObservationPlaceId | SilentPlaceId;

export type Lane = "pod" | "cilium" | "kernel" | "device" | "wire";

export interface DatapathPlace {
  readonly id: DatapathPlaceId;
  readonly lane: Lane;
  readonly title: string;
}

type PlacesByLane = Readonly<Record<Lane, Partial<Record<DatapathPlaceId, string>>>>;

/** Titles by lane; an observation point is called by its name. */
const titles: PlacesByLane = {
  pod: { pod: "Pod" },
  wire: { wire: "Wire" },
  kernel: {
    prerouting: "Netfilter prerouting",
    routing: "Policy routing",
    postrouting: "Netfilter postrouting",
    "outer-routing": "Policy routing of the outer packet",
    "outer-delivery": "Local delivery of the outer packet",
    encryption: "Encryption (XFRM or WireGuard)",
    decryption: "Decryption (XFRM or WireGuard)",
    "host-process": "Host process",
    "proxy-process": "Proxy",
  },
  device: {
    encapsulation: "Tunnel device, encapsulating",
    decapsulation: "Tunnel device, unpacking",
    "to-network": "to-network",
    "from-network": "from-network",
  },
  cilium: {
    dropped: "Dropped",
    "from-endpoint": "from-endpoint",
    "to-endpoint": "to-endpoint",
    "to-stack": "to-stack",
    "to-host": "to-host",
    "to-proxy": "to-proxy",
    "to-overlay": "to-overlay",
    "to-crypto": "to-crypto",
    "from-proxy": "from-proxy",
    "from-host": "from-host",
    "from-stack": "from-stack",
    "from-overlay": "from-overlay",
    "from-crypto": "from-crypto",
  },
};

/** Every place there is, by its id. */
export const datapathPlaces = Object.fromEntries(
  (Object.keys(titles) as Lane[]).flatMap((lane) =>
    (Object.entries(titles[lane]) as [DatapathPlaceId, string][]).map(([id, title]) => [id, { id, lane, title }]),
  ),
) as Readonly<Record<DatapathPlaceId, DatapathPlace>>;

/** Whether a place emits no event of its own. */
export function isSilent(place: DatapathPlaceId): place is SilentPlaceId {
  return !/^(?:to|from)-/.test(place);
}

/** The place of a trace event's observation point, if this version knows it. */
export function placeOfObservationPoint(observationPoint: string): ObservationPlaceId | undefined {
  const place = observationPoint as DatapathPlaceId;
  return Object.hasOwn(datapathPlaces, observationPoint) && !isSilent(place) ? place : undefined;
}
