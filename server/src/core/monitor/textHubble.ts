import { parseIdentity } from "../cilium/identities.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import type { HubbleDetails, MonitorEvent, PacketHeaders, TransportHeader } from "./event.js";

const record =
  /^([A-Z][a-z]{2} {1,2}\d{1,2} [\d:.]{8,18})(?: \[([^\]]{1,200})\])?: (\S{1,300}?) ?\((?:ID:)?([\w-]{1,64})\) (->|<-|<>) (\S{1,300}?) ?\((?:ID:)?([\w-]{1,64})\) (.{1,100}) ([A-Z_]{5,16})(?: BY [^()]{1,200}(?: \([^()]{1,64}\))?)? \((.{0,2000})\)$/;
const lost =
  /^([A-Z][a-z]{2} {1,2}\d{1,2} [\d:.]{8,18})(?: \[([^\]]{1,200})\])?: EVENTS LOST: [A-Z_]{1,40} CPU\((\d{1,5})\) (\d{1,15})(?: |$)/;

/** The order in which `TransportHeader.flags` lists them. */
const flagOrder = ["SYN", "ACK", "FIN", "RST", "PSH", "URG", "ECE", "CWR", "NS"] as const;

const actions: Readonly<Record<string, string>> = {
  ALLOWED: "allow",
  FORWARDED: "allow",
  DENIED: "deny",
  DROPPED: "deny",
  REDIRECTED: "redirect",
  AUDITED: "audit",
  AUDIT: "audit",
};

/**
 * A line of `hubble observe` (hubble/pkg/printer, `-o compact` with its own layout of times):
 * `Jan  2 15:04:05.000 [n1]: shop/web:80 (ID:4711) <- 192.0.2.9:4242 (world) to-stack FORWARDED (TCP Flags: SYN, ACK)`.
 * `<-` is a reply, printed with its ends swapped. L7 rows and socket translation are left to be remarks.
 */
export function readHubble(line: string, place: Place): MonitorEvent | undefined {
  const losses = lost.exec(line);
  if (losses) {
    const [, time = "", nodeName, cpu, count] = losses;
    const hubble = { time, ...(nodeName !== undefined && { nodeName }) };
    return { type: "lost", place, cpu: Number(cpu), count: Number(count), hubble };
  }
  const found = record.exec(line);
  if (!found) return undefined;
  const [, time = "", nodeName, a = "", aId = "", arrow, b = "", bId = "", kind = "", verdict = "", words = ""] = found;
  const [src, srcId, dst, dstId] = arrow === "<-" ? [b, bId, a, aId] : [a, aId, b, bId];
  const from = readEnd(src);
  const to = readEnd(dst);
  const headers = readHeaders(from, to, words);
  const hubble: HubbleDetails = {
    time,
    ...(nodeName !== undefined && { nodeName }),
    verdict,
    ...(arrow !== "<>" && { isReply: arrow === "<-" }),
    ...(from.name !== undefined && { sourcePod: from.name }),
    ...(to.name !== undefined && { destinationPod: to.name }),
  };
  const traceId = /^IP Trace ID: (\d{1,20})(?:;|$)/.exec(words)?.[1];
  const base = { place, hubble, flowHash: 0, ...(headers && { headers }) };
  const datapath = {
    ...base,
    source: 0,
    bytes: 0,
    srcIdentity: parseIdentity(srcId) ?? 0,
    dstIdentity: parseIdentity(dstId) ?? 0,
    dstEndpoint: 0,
    ...(traceId !== undefined && { ipTraceId: BigInt(traceId) }),
  };
  const point = findObservationPoint(kind);
  if (point) return { type: "trace", ...datapath, observationPoint: point.name, summary: point.summary };
  const [, match, direction] = /^policy-verdict:([\w-]{1,20}) (INGRESS|EGRESS)$/.exec(kind) ?? [];
  if (match !== undefined) {
    return {
      type: "policy-verdict",
      ...base,
      endpoint: 0,
      remoteIdentity: direction === "INGRESS" ? srcId : dstId,
      direction: direction === "INGRESS" ? "ingress" : "egress",
      action: actions[verdict] ?? verdict.toLowerCase(),
      match,
    };
  }
  const isPacketDrop = verdict === "DROPPED" && !/^(?:http|dns|kafka)-/.test(kind);
  return isPacketDrop ? { type: "drop", ...datapath, reason: kind } : undefined;
}

interface End {
  readonly address?: ReturnType<typeof parseAddress>;
  readonly port?: number;
  /** The name of a pod, service or host, where no address was printed. */
  readonly name?: string;
}

function readEnd(text: string): End {
  const bare = parseAddress(text);
  if (bare) return { address: bare };
  const [, host = text, digits] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const address = parseAddress(host.replace(/^\[(.*)\]$/, "$1"));
  return {
    ...(address ? { address } : { name: host }),
    ...(digits !== undefined && Number(digits) <= 65535 && { port: Number(digits) }),
  };
}

function readHeaders(from: End, to: End, words: string): PacketHeaders | undefined {
  const ip = from.address && to.address ? { src: from.address, dst: to.address } : undefined;
  const l4 = readTransport(from, to, words);
  return ip || l4 ? { ...(ip && { ip }), ...(l4 && { l4 }) } : undefined;
}

function readTransport(from: End, to: End, words: string): TransportHeader | undefined {
  const icmp = /(?:^|; )(ICMPv[46]) ([^;]{1,60})/.exec(words);
  if (icmp) return { protocol: icmp[1] === "ICMPv4" ? "icmp" : "icmpv6", typeCode: icmp[2] ?? "" };
  if (from.port === undefined || to.port === undefined) return undefined;
  const ports = { sport: from.port, dport: to.port };
  const flags = /(?:^|; )TCP Flags: ([A-Z, ]{0,60})/.exec(words)?.[1]?.split(", ");
  if (flags) return { protocol: "tcp", ...ports, flags: flagOrder.filter((flag) => flags.includes(flag)) };
  const protocol = /(?:^|; )(UDP|SCTP)(?:;|$)/.exec(words)?.[1];
  return protocol ? { protocol: protocol === "UDP" ? "udp" : "sctp", ...ports } : undefined;
}
