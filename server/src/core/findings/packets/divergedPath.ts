import type { CaseNode } from "../../case/case.js";
import type { PacketEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import type { Trace } from "../../path/trace.js";
import { fieldPlace } from "../fieldPlace.js";
import type { Finding, FindingKind, RelatedPlace } from "../finding.js";
import { type Divergence, divergence } from "./divergence.js";

export { decisionsOf } from "./traceDecisions.js";

/** So many of the packets that went the same way are pointed at. */
const packetsNamed = 10;

/** Packets between the same two ends that left the normal way alike. */
interface Diverged {
  readonly trace: Trace;
  readonly divergence: Divergence;
  readonly others: readonly Trace[];
}

function lastEvent({ packet }: Trace): PacketEvent | undefined {
  return packet.events.at(-1)?.event;
}

/** A ping that is lost a thousand times is one finding. */
function grouped(node: CaseNode): Diverged[] {
  const groups = new Map<string, { trace: Trace; divergence: Divergence; others: Trace[] }>();
  for (const trace of node.traces) {
    const found = divergence(node, trace);
    const ip = lastEvent(trace)?.headers?.ip;
    if (!found || !ip) continue;
    const key = `${trace.packet.file}|${found.kind}|${formatAddress(ip.src)}|${formatAddress(ip.dst)}|${trace.packet.direction}`;
    const known = groups.get(key);
    if (known) known.others.push(trace);
    else groups.set(key, { trace, divergence: found, others: [] });
  }
  return [...groups.values()];
}

function findingFor(node: CaseNode, { trace, divergence: found, others }: Diverged): Finding | undefined {
  const last = lastEvent(trace);
  if (!last) return undefined;
  const witness = trace.witness?.events.at(-1)?.event.place;
  const more = others.slice(0, packetsNamed).flatMap((other): RelatedPlace[] => {
    const event = lastEvent(other);
    return event ? [{ place: event.place, message: "Another one" }] : [];
  });
  const sentences = [
    ...found.sentences,
    ...(others.length > 0 ? [`${others.length} more like it went the same way.`] : []),
  ];
  return {
    code: "diverged-path",
    severity: found.severity,
    confidence: found.confidence,
    place: fieldPlace(node, last.place, "observationPoint"),
    message: sentences.join(" "),
    related: [
      ...found.related,
      ...(witness ? [{ place: witness, message: "The same kind of packet, delivered" }] : []),
      ...more,
    ],
    data: { code: "diverged-path", trace },
  };
}

/** A captured packet left the normal way. */
export const divergedPath: FindingKind = {
  code: "diverged-path",
  defaultSeverity: "error",
  meaning:
    "A captured packet left the normal way: it was sent out by a device that does not lead to its endpoint, goes round in circles, or the kernel has it and the dumps say that its look-up refuses it or leads elsewhere. Names the rule and the route.",
  silentWhen: [
    "The packet was delivered, or its destination is not known to be an endpoint of this node and the dumps refuse nothing.",
    "The kernel has it and it is not seen again, but the dumps do not tell why.",
    "The dumps alone would send it astray but the capture shows that it arrived: then they are of different moments.",
  ],
  example: `from-network on eth0: 192.0.2.7 -> 192.0.2.10 (the node, for endpoint 77 behind it)
to-network on eth0:   192.0.2.7 -> 10.3.0.83  (the endpoint, never reached)`,
  check: (node: CaseNode) => grouped(node).flatMap((diverged) => findingFor(node, diverged) ?? []),
};
