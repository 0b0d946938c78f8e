/** A step inside a BPF program at which a debug capture shows the packet. */
export interface CapturePoint {
  readonly code: number;
  /** How the message begins. */
  readonly message: string;
  /** What Hubble calls it (flow.proto: DebugCapturePoint). */
  readonly hubble?: string;
  readonly meaning: string;
}

export const capturePointSource =
  "pkg/monitor/datapath_debug.go, Cilium 1.7 to 1.19; retired points from pkg/bpfdebug/debug.go, 0.11";

export const capturePoints: readonly CapturePoint[] = [
  {
    code: 4,
    message: "Delivery to ifindex",
    hubble: "DBG_CAPTURE_DELIVERY",
    meaning: "The packet is about to be delivered to this interface; 0 is the host stack.",
  },
  {
    code: 5,
    message: "Incoming packet to load balancer on ifindex",
    hubble: "DBG_CAPTURE_FROM_LB",
    meaning: "The packet enters the load balancer.",
  },
  {
    code: 6,
    message: "Packet after nat46 ifindex",
    hubble: "DBG_CAPTURE_AFTER_V46",
    meaning: "The packet was translated from IPv4 to IPv6.",
  },
  {
    code: 7,
    message: "Packet after nat64 ifindex",
    hubble: "DBG_CAPTURE_AFTER_V64",
    meaning: "The packet was translated from IPv6 to IPv4.",
  },
  {
    code: 8,
    message: "Packet to proxy port",
    hubble: "DBG_CAPTURE_PROXY_PRE",
    meaning: "The packet goes to the L7 proxy; (Pre) and (Post) are before and after its headers are set.",
  },
  {
    code: 9,
    message: "Packet to proxy port",
    hubble: "DBG_CAPTURE_PROXY_POST",
    meaning: "The packet goes to the L7 proxy; (Pre) and (Post) are before and after its headers are set.",
  },
  {
    code: 10,
    message: "Packet going into snat engine on ifindex",
    hubble: "DBG_CAPTURE_SNAT_PRE",
    meaning: "The packet goes into source NAT.",
  },
  {
    code: 11,
    message: "Packet coming from snat engine on ifindex",
    hubble: "DBG_CAPTURE_SNAT_POST",
    meaning: "The packet comes out of source NAT.",
  },
  {
    code: 1,
    message: "Incoming packet from container ifindex",
    meaning: "The packet came from a container (until 0.11).",
  },
  {
    code: 2,
    message: "Incoming packet from netdev ifindex",
    meaning: "The packet came in by a native device (until 0.11).",
  },
  {
    code: 3,
    message: "Incoming packet from overlay ifindex",
    meaning: "The packet came through the tunnel (until 0.11).",
  },
];

/** The point that a capture's message, or Hubble, names. */
export function findCapturePoint(message: string): CapturePoint | undefined {
  return capturePoints.find((point) => message.startsWith(point.message) || message === point.hubble);
}
