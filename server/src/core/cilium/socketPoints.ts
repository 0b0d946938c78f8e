/** A point at which the socket load balancer reports a socket's peer. */
export interface SocketPoint {
  readonly code: number;
  /** As monitor text and Hubble's text print it. */
  readonly name: string;
  /** What Hubble's JSON calls it (flow.proto: SocketTranslationPoint). */
  readonly hubble: string;
  /** A sentence. */
  readonly meaning: string;
}

export const socketPointSource =
  "pkg/monitor/datapath_sock_trace.go and bpf/lib/trace_sock.h, Cilium 1.13 to 1.19; api/v1/flow/flow.proto, Cilium 1.19.4";

export const socketPoints: readonly SocketPoint[] = [
  {
    code: 0,
    name: "unknown",
    hubble: "SOCK_XLATE_POINT_UNKNOWN",
    meaning: "A point that the printing program does not know.",
  },
  {
    code: 1,
    name: "pre-xlate-fwd",
    hubble: "SOCK_XLATE_POINT_PRE_DIRECTION_FWD",
    meaning: "A program connects or sends: this is the address it asked for, usually a service's.",
  },
  {
    code: 2,
    name: "post-xlate-fwd",
    hubble: "SOCK_XLATE_POINT_POST_DIRECTION_FWD",
    meaning: "The socket is given a backend of the service: packets carry this address from the start.",
  },
  {
    code: 3,
    name: "pre-xlate-rev",
    hubble: "SOCK_XLATE_POINT_PRE_DIRECTION_REV",
    meaning: "A program asks who its peer is or receives from it: this is the backend that the packets came from.",
  },
  {
    code: 4,
    name: "post-xlate-rev",
    hubble: "SOCK_XLATE_POINT_POST_DIRECTION_REV",
    meaning: "The program is told the service's address instead of the backend's.",
  },
];

/** The point of a name as monitor or Hubble prints it. */
export function findSocketPoint(name: string): SocketPoint | undefined {
  return socketPoints.find((point) => point.name === name || point.hubble === name);
}
