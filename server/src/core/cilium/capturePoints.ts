/** A step inside a BPF program at which a debug capture shows the packet. */
export interface CapturePoint {
  readonly code: number;
  /** How the message begins. */
  readonly message: string;
  readonly meaning: string;
}

export const capturePointSource = "pkg/monitor/datapath_debug.go, Cilium 1.7 to 1.19";

export const capturePoints: readonly CapturePoint[] = [
  {
    code: 4,
    message: "Delivery to ifindex",
    meaning: "The packet is about to be delivered to this interface; 0 is the host stack.",
  },
  { code: 5, message: "Incoming packet to load balancer on ifindex", meaning: "The packet enters the load balancer." },
  { code: 6, message: "Packet after nat46 ifindex", meaning: "The packet was translated from IPv4 to IPv6." },
  { code: 7, message: "Packet after nat64 ifindex", meaning: "The packet was translated from IPv6 to IPv4." },
  {
    code: 8,
    message: "Packet to proxy port",
    meaning: "The packet goes to the L7 proxy; (Pre) and (Post) are before and after its headers are set.",
  },
  { code: 10, message: "Packet going into snat engine on ifindex", meaning: "The packet goes into source NAT." },
  { code: 11, message: "Packet coming from snat engine on ifindex", meaning: "The packet comes out of source NAT." },
  {
    code: 1,
    message: "Incoming packet from container ifindex",
    meaning: "The packet came from a container (until 0.11).",
  },
];

/** The point a capture's message names. */
export function findCapturePoint(message: string): CapturePoint | undefined {
  return capturePoints.find((point) => message.startsWith(point.message));
}
