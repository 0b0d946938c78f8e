import { dropsChatter, isLinkChatter } from "../../capture/linking/linkChatter.js";
import type { Packet } from "../../capture/packet.js";
import type { PacketHeaders } from "../../monitor/event.js";
import type { Disposition, Hop, Trace } from "../../path/trace.js";
import { packetWords } from "../event/packetWords.js";
import { errorSentence } from "./explainWitness.js";
import type { PacketStory } from "./walkStory.js";

/** The name of a file without its folders, for people. */
export function baseName(file: string): string {
  return decodeURIComponent(file.slice(file.lastIndexOf("/") + 1));
}

/** The two ends as the endpoint sees them: the last addresses of a reply, the first of everything else. */
function tellingHeaders(packet: Packet): PacketHeaders | undefined {
  const last = packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers;
  return packet.direction === "reply" ? (last ?? packet.headers) : packet.headers;
}

/** `ICMP echo reply from 10.0.0.1 to 10.0.0.2`. */
function titleOf(headers: PacketHeaders | undefined): string {
  const words = packetWords(headers).replace(/^an? /, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function detailOf({ headers }: Packet): string {
  const { ip, l4 } = headers ?? {};
  const parts: string[] = [];
  if (l4?.protocol === "icmp" || l4?.protocol === "icmpv6") {
    if (l4.id !== undefined) parts.push(`ICMP id ${l4.id} seq ${l4.seq ?? "?"}`);
  } else if (l4?.protocol === "tcp" && l4.seq !== undefined) {
    parts.push(`TCP seq ${l4.seq}`);
  }
  if (ip?.id) parts.push(`IP id ${ip.id}`);
  return parts.join(", ");
}

/** What a program took a packet for, where it reports that like a drop. */
function handledAs(hops: readonly Hop[]): string | undefined {
  const step = hops.at(-1)?.steps.find(({ type }) => type === "dropped");
  return step?.type === "dropped" && step.joined.event.type === "drop" ? step.joined.event.reason : undefined;
}

/** Envoy's own identity (pkg/identity/numericidentity.go, 1.19): `ingress`. */
const ingressIdentity = 8;

/** Who of this host took a packet whose last event gives it to the kernel. */
function takenByHost(hops: readonly Hop[]): string | undefined {
  const last = hops.flatMap(({ steps }) => steps).findLast(({ type }) => type === "observed");
  if (last?.type !== "observed") return undefined;
  const { event } = last.joined;
  const point = event.type === "trace" ? event.observationPoint : undefined;
  if (point !== "to-stack" && point !== "from-network" && point !== "from-crypto") return undefined;
  return event.dstIdentity === ingressIdentity ? "Handed to the proxy of this node." : "Delivered to this host.";
}

/** What became of the packet, one sentence. */
export function explainDisposition(disposition: Disposition, hops: readonly Hop[]): string {
  switch (disposition.type) {
    case "delivered": {
      const endpoint = hops.at(-1)?.endpoint;
      if (hops.at(-1)?.place === "host-process") return "Delivered to this host.";
      const handled = handledAs(hops);
      if (handled !== undefined) return `Taken by Cilium's program itself (${handled}), which is reported like a drop.`;
      if (hops.some(({ place }) => place === "to-proxy")) return "Handed to the proxy of this node.";
      if (endpoint !== undefined) return `Delivered to endpoint ${endpoint}.`;
      return takenByHost(hops) ?? "Delivered.";
    }
    case "sent": {
      const device = hops.findLast(({ place }) => place === "to-network" || place === "to-overlay")?.device;
      const sent = `Sent${device === undefined ? "" : ` by ${device}`}.`;
      if (disposition.transit === "shown") {
        return `${sent} It came from outside, and whether it was for a pod of this node, this capture does not show.`;
      }
      return disposition.transit
        ? `${sent} Where it came from is not shown, and so not whether it should have left.`
        : `${sent} What happens on the wire, no file of this node tells.`;
    }
    case "dropped":
      return `Dropped: ${disposition.reason.replace(/\.$/, "")}.`;
    case "wrong-device":
      return `Left by ${disposition.device ?? "a network device"} and never reached its endpoint${disposition.expectedDevice === undefined ? "" : `: it should have gone to ${disposition.expectedDevice}`}.`;
    case "returned":
      return disposition.by === "node"
        ? "Answered by Cilium's program itself, which reports no further event."
        : `Sent back${disposition.device === undefined ? "" : ` by ${disposition.device}`}, the device it came in by, with its addresses unchanged.`;
    case "looping":
      return `Loops: the same places see it again and again, while its TTL falls from ${disposition.ttl.from} to ${disposition.ttl.to}.`;
    case "lost-in-kernel":
      return "Handed to the kernel and not seen again, though its next event would be in this capture.";
    case "lost-at-proxy":
      return "Handed to the proxy, and neither the proxy nor an answer was seen.";
    case "insufficient-information":
      return `What became of it can't be told: ${disposition.missing}.`;
  }
}

/** Whether all that was dropped is chatter of the link, which Cilium means to drop. */
function isDroppedChatter({ packet, across }: Trace): boolean {
  const last = packet.events.at(-1)?.event;
  return !across && last?.type === "drop" && dropsChatter(last.reason) && isLinkChatter(last.headers ?? {});
}

/** How a walk fared, in a word. */
export function statusOf(trace: Trace): PacketStory["status"] {
  const { disposition } = trace.across ?? trace;
  switch (disposition.type) {
    case "delivered":
      return "ok";
    case "sent":
      return disposition.transit ? "unknown" : "ok";
    case "insufficient-information":
      return "unknown";
    case "returned":
      return disposition.by === "node" ? "ok" : "unknown";
    case "dropped":
      return isDroppedChatter(trace) ? "ok" : "broken";
    default:
      return "broken";
  }
}

/** What became of it in the end, and on which node. */
function outcomeOf(trace: Trace): string {
  const { packet, across, disposition, hops } = trace;
  const [report] = packet.reports ?? [];
  if (report && disposition.type === "sent" && !across) return `Sent. ${errorSentence(report)}`;
  if (isDroppedChatter(trace)) {
    return `${explainDisposition(disposition, hops)} It is chatter of the link, which Cilium does not forward.`;
  }
  if (!across) return explainDisposition(disposition, hops);
  return `${across.node === undefined ? "" : `On ${across.node}: `}${explainDisposition(across.disposition, across.hops)}`;
}

/** The identity of a packet: unique within a case and stable while the files are unchanged. */
export function walkId({ packet }: Trace): string {
  return `${packet.file}#${packet.number}`;
}

/** What a packet is and what became of it, without its walk. */
export function explainPacket(trace: Trace): PacketStory {
  const { packet } = trace;
  return {
    id: walkId(trace),
    file: baseName(packet.file),
    title: titleOf(tellingHeaders(packet)),
    detail: detailOf(packet),
    direction: packet.direction,
    conversation: packet.conversation,
    status: statusOf(trace),
    outcome: outcomeOf(trace),
  };
}

/** Packets with what is broken first, then by file and appearance. */
export function brokenFirst<T extends Pick<PacketStory, "status">>(packets: readonly T[]): T[] {
  const rank = { broken: 0, unknown: 1, ok: 2 } as const;
  return [...packets].sort((a, b) => rank[a.status] - rank[b.status]);
}
