/** Why a packet goes on: the result of the connection tracking at this point (`state` in monitor output). */
export interface TraceReason {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  readonly since: string;
  /** The last version that emits it. */
  readonly until?: string;
}

export const traceReasonSource = "bpf/lib/trace.h and pkg/monitor/datapath_trace.go, Cilium 1.0 to 1.19";

export const traceReasons: readonly TraceReason[] = [
  { code: 0, name: "new", meaning: "the first packet of a connection, as connection tracking sees it", since: "1.0" },
  { code: 1, name: "established", meaning: "a packet of a known connection, in its original direction", since: "1.0" },
  { code: 2, name: "reply", meaning: "a packet of a known connection, in the reverse direction", since: "1.0" },
  { code: 3, name: "related", meaning: "an ICMP error that belongs to a known connection", since: "1.0" },
  { code: 4, name: "reopened", meaning: "a new SYN on a connection that was closing", since: "1.8", until: "1.13" },
  { code: 5, name: "unknown", meaning: "none took place, so nothing is known of the connection here", since: "1.12" },
  { code: 6, name: "srv6-encap", meaning: "the packet was put into SRv6", since: "1.13" },
  { code: 7, name: "srv6-decap", meaning: "the packet was taken out of SRv6", since: "1.13" },
  {
    code: 8,
    name: "encrypt-overlay",
    meaning: "a tunnel packet that goes back for IPsec",
    since: "1.16",
    until: "1.18",
  },
];

/** OR-ed onto the reason of encrypted packets; monitor JSON strips it. */
export const encryptedReasonBit = 0x80;

/**
 * Until 1.11, points without connection tracking printed reason 0, `new`, which then says nothing. Receive points and to-network
 * do no tracking of their own.
 */
export function isNewMeaningless(observationPoint: string): boolean {
  return observationPoint.startsWith("from-") || observationPoint === "to-network" || observationPoint === "to-overlay";
}

/** The reason of a name, or of a decimal number that a monitor older than the agent prints. */
export function findTraceReason(name: string): TraceReason | undefined {
  const code = /^\d{1,3}$/.test(name) ? Number(name) & ~encryptedReasonBit : undefined;
  return traceReasons.find((reason) => (code === undefined ? reason.name === name : reason.code === code));
}
