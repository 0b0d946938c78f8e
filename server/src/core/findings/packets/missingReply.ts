import type { Packet } from "../../capture/packet.js";
import type { CaseNode } from "../../case/case.js";
import type { PacketEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import { placeOfEvent } from "../../path/observation.js";
import type { Trace } from "../../path/trace.js";
import { fieldPlace } from "../fieldPlace.js";
import type { Finding, FindingKind } from "../finding.js";
import { endsWords, protocolWords } from "../flowWords.js";

/**
 * How often a request must have been made in vain before its sender can be said to have waited: TCP sends its SYN again after a second
 * (RFC 6298 section 2), and echo requests may follow each other more quickly than the first answer comes.
 */
const triesInVain = { tcp: 2, echo: 3 } as const;

/** So many of the tries are pointed at. */
const triesNamed = 10;

/** Where an answer would be seen first, by where the request was seen last. */
const answerComesBy: Readonly<Record<string, string>> = {
  "to-network": "from-network",
  "to-overlay": "from-overlay",
  "to-endpoint": "from-endpoint",
};

/** What is known of one capture, gathered once. */
interface CaptureContext {
  readonly file: string;
  readonly lastLoss: number;
  /** The observation points that any event of the capture is from. */
  readonly points: ReadonlySet<string>;
  /** Addresses that were sent an ICMP error: an answer, if not the one that was asked for. */
  readonly refused: ReadonlySet<string>;
}

function captureContexts({ context, files, traces }: CaseNode): Map<string, CaptureContext> {
  const whole = context.captures.filter(({ aggregation }) => aggregation === "none");
  return new Map(
    whole.map(({ file, losses }) => {
      const events = files.find((read) => read.file === file)?.events ?? [];
      const points = new Set(events.flatMap((event) => (event.type === "trace" ? [event.observationPoint] : [])));
      const refused = new Set(
        traces
          .filter(({ packet }) => packet.file === file && isIcmpError(packet))
          .flatMap(({ packet }) => receivers(packet)),
      );
      return [file, { file, lastLoss: losses.at(-1)?.place.start ?? -1, points, refused }];
    }),
  );
}

function isIcmpError({ headers }: Packet): boolean {
  const l4 = headers?.l4;
  return (
    (l4?.protocol === "icmp" || l4?.protocol === "icmpv6") && !/^Echo|Solicitation|Advertisement/.test(l4.typeCode)
  );
}

function receivers({ events }: Packet): string[] {
  return events.flatMap(({ event }) => (event.headers?.ip ? [formatAddress(event.headers.ip.dst)] : []));
}

function senders({ events }: Packet): string[] {
  return events.flatMap(({ event }) => (event.headers?.ip ? [formatAddress(event.headers.ip.src)] : []));
}

/** The kind of a packet that must be answered: a SYN, an echo request. */
function asks({ headers }: Packet): "tcp" | "echo" | undefined {
  const l4 = headers?.l4;
  if (l4?.protocol === "tcp") return l4.flags.includes("SYN") && !l4.flags.includes("ACK") ? "tcp" : undefined;
  if (l4?.protocol === "icmp" || l4?.protocol === "icmpv6") return l4.typeCode === "EchoRequest" ? "echo" : undefined;
  return undefined;
}

/** Where the request went to: it left the node or reached its endpoint. What only passes through may be answered elsewhere. */
function lastSeen({ packet, disposition }: Trace): PacketEvent | undefined {
  const first = packet.events[0]?.event;
  const last = packet.events.at(-1)?.event;
  if (!first || !last) return undefined;
  if (disposition.type === "sent" && placeOfEvent(first) === "from-endpoint") return last;
  return disposition.type === "delivered" && placeOfEvent(last) === "to-endpoint" ? last : undefined;
}

/** All tries of a request, if none of them was answered. */
function triesWithoutAnswer(
  node: CaseNode,
  packet: Packet,
  { refused, lastLoss }: CaptureContext,
): Packet[] | undefined {
  const kind = asks(packet);
  if (!kind) return undefined;
  const own = new Set(senders(packet));
  if ([...own].some((address) => refused.has(address))) return undefined;
  const conversation = node.context.conversationOf(packet);
  // The first try speaks for all of them.
  if (conversation[0]?.number !== packet.number || conversation.length < triesInVain[kind]) return undefined;
  for (const other of conversation) {
    const comesBack = !senders(other).some((address) => own.has(address));
    if (comesBack || asks(other) !== kind) return undefined;
    // What was lost behind the first try may have been its answer.
    if ((other.events[0]?.event.place.start ?? 0) < lastLoss) return undefined;
  }
  return [...conversation];
}

function whatToCheck(place: string | undefined, packet: Packet): string {
  if (place === "to-endpoint") {
    return "The endpoint got it and sent nothing: see whether a process listens there, and look at the pod's own firewall and routes (`ip route` inside the pod).";
  }
  const tcp = asks(packet) === "tcp" ? ", or a firewall discards it" : "";
  return `It is lost on the wire, its receiver does not answer${tcp}, or the answer takes a way that does not lead here: capture at the other end, and look up the way back there.`;
}

function findingFor(node: CaseNode, trace: Trace, capture: CaptureContext): Finding | undefined {
  const { packet } = trace;
  const last = lastSeen(trace);
  const place = last && placeOfEvent(last);
  const expected = answerComesBy[place ?? ""];
  // A capture that was filtered by endpoint has no event there at all.
  if (!last || !packet.headers || expected === undefined || !capture.points.has(expected)) return undefined;
  const tries = triesWithoutAnswer(node, packet, capture);
  if (!tries) return undefined;
  const others = tries.slice(1).flatMap(({ events }) => events.at(-1)?.event.place ?? []);
  const where = place === "to-endpoint" ? "reached its endpoint" : "left this node";
  return {
    code: "missing-reply",
    severity: "warning",
    confidence: "likely",
    place: fieldPlace(node, last.place, "observationPoint"),
    message: `No answer came to the ${protocolWords(packet.headers)} ${endsWords(packet.headers)}: it ${where}, was tried ${tries.length} times, and the capture, which is whole, shows nothing that comes back. ${whatToCheck(place, packet)}`,
    related: others
      .slice(0, triesNamed)
      .map((at, index) => ({ place: at, message: `Try ${index + 2}, last seen here` })),
    data: { code: "missing-reply", trace, tries: tries.length },
  };
}

/** A request that nothing answers. */
export const missingReply: FindingKind = {
  code: "missing-reply",
  defaultSeverity: "warning",
  meaning:
    "A request (TCP SYN, echo request) left the node or reached its endpoint, again and again, and no answer came.",
  silentWhen: [
    "The protocol owes no answer (UDP and all but TCP and echo).",
    "It was asked only once or twice, so that the answer may just come behind the end of the capture.",
    "The capture is aggregated, lost events behind the request, or shows no packet at all at the place where the answer would come in (filtered by endpoint).",
    "An ICMP error came back, or the request only passes through this node.",
    "The answer came and went astray, or was dropped: other findings say so.",
  ],
  example: `<- endpoint 77 ... 10.3.1.83:40000 -> 192.0.2.7:80 tcp SYN
-> network     ... 192.0.2.10:40000 -> 192.0.2.7:80 tcp SYN     (and so again, and nothing from 192.0.2.7:80)`,
  check: (node: CaseNode) => {
    const captures = captureContexts(node);
    return node.traces.flatMap((trace) => {
      const capture = captures.get(trace.packet.file);
      return (capture && findingFor(node, trace, capture)) ?? [];
    });
  },
};
