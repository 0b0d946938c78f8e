import { formatAddress } from "../net/address.js";
import { placeOfEvent } from "./observation.js";
import type { Trace } from "./trace.js";

/** The ends of a packet, as its events show them. */
export interface TraceEnds {
  /** Addresses at its first event. */
  readonly src?: string;
  readonly dst?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly protocol?: string;
  /** Endpoints of this node that sent or received it. */
  readonly endpoints: readonly number[];
  /** What connection tracking said of it (`new`, `reply` ...), each once. */
  readonly states: readonly string[];
}

/** Gathers the ends of a packet for a list. */
export function traceEnds({ packet, hops }: Trace): TraceEnds {
  const { ip, l4 } = packet.headers ?? {};
  const ports = l4 && "sport" in l4 ? { sport: l4.sport, dport: l4.dport } : {};
  const states = packet.events.flatMap(({ event }) =>
    event.type === "trace" && event.state !== undefined && placeOfEvent(event)?.startsWith("to-") ? [event.state] : [],
  );
  return {
    ...(ip ? { src: formatAddress(ip.src), dst: formatAddress(ip.dst) } : {}),
    ...ports,
    ...(l4 ? { protocol: l4.protocol } : {}),
    endpoints: [...new Set(hops.flatMap(({ endpoint }) => endpoint ?? []))],
    states: [...new Set(states)].filter((state) => state !== "unknown"),
  };
}
