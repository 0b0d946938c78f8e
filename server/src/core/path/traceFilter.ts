import type { PacketEvent } from "../monitor/event.js";
import type { Address } from "../net/address.js";
import { containsPrefix, type Prefix } from "../net/prefix.js";
import { placeOfEvent } from "./observation.js";
import type { Disposition, Trace } from "./trace.js";

/** What became of a packet in one word: how its walk ended, or `forwarded` for both good ends, or `redirected` for one given to a proxy. */
export const verdicts = [
  "forwarded",
  "redirected",
  "delivered",
  "sent",
  "dropped",
  "wrong-device",
  "returned",
  "looping",
  "lost-in-kernel",
  "lost-at-proxy",
  "insufficient-information",
] as const satisfies readonly (Disposition["type"] | "forwarded" | "redirected")[];

export type Verdict = (typeof verdicts)[number];

/** Which packets are asked for; what is absent asks for nothing. */
export interface TraceFilter {
  /** Its source, at any place of its walk. */
  readonly src?: Prefix;
  readonly dst?: Prefix;
  /** Source or destination port, at any place. */
  readonly port?: number;
  /** Id of an endpoint that sent it, was to receive it, or whose program reported it. */
  readonly endpoint?: number;
  readonly verdict?: Verdict;
}

function hasEnd(event: PacketEvent, end: "src" | "dst", prefix: Prefix): boolean {
  const address: Address | undefined = event.headers?.ip?.[end];
  return address !== undefined && address.family === prefix.family && containsPrefix(prefix, address);
}

function hasPort({ headers }: PacketEvent, port: number): boolean {
  const l4 = headers?.l4;
  return l4 !== undefined && "sport" in l4 && (l4.sport === port || l4.dport === port);
}

function concerns(event: PacketEvent, endpoint: number): boolean {
  // At to-proxy the destination is a port.
  const destination = placeOfEvent(event) === "to-proxy" ? 0 : event.dstEndpoint;
  return event.source === endpoint || destination === endpoint;
}

function hasVerdict({ disposition, packet }: Trace, verdict: Verdict): boolean {
  switch (verdict) {
    case "forwarded":
      return disposition.type === "delivered" || disposition.type === "sent";
    case "redirected":
      return packet.events.some(({ event }) => placeOfEvent(event) === "to-proxy");
    default:
      return disposition.type === verdict;
  }
}

/** Whether a trace is one that is asked for. */
export function passesFilter(trace: Trace, { src, dst, port, endpoint, verdict }: TraceFilter): boolean {
  const some = (test: (event: PacketEvent) => boolean): boolean => trace.packet.events.some(({ event }) => test(event));
  return (
    (src === undefined || some((event) => hasEnd(event, "src", src))) &&
    (dst === undefined || some((event) => hasEnd(event, "dst", dst))) &&
    (port === undefined || some((event) => hasPort(event, port))) &&
    (endpoint === undefined || some((event) => concerns(event, endpoint))) &&
    (verdict === undefined || hasVerdict(trace, verdict))
  );
}
