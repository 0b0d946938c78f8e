import type { Packet } from "../capture/packet.js";
import { findDropReason } from "../cilium/dropReasons.js";
import type { Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import { ownAddress } from "../fib/ownAddress.js";
import type { PacketEvent } from "../monitor/event.js";
import { sameAddress } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import { conversationNear } from "./conversationNear.js";
import { loopOf } from "./loop.js";
import { swallowed, whyHidden, whyUnseen, whyUnseenInside, whyUnseenOutside } from "./missingEvent.js";
import { placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { deliversLocally, egressDevices } from "./settleDecision.js";
import { isWorld } from "./sightings.js";
import { isForHost } from "./silentPlaces.js";
import type { Subject } from "./subject.js";
import type { Disposition, Hop } from "./trace.js";

/** Requests that Cilium's program answers itself (bpf/lib/icmp6.h: icmp6_ndp_handle, 1.16), as gopacket names them. */
const answeredByProgram: ReadonlySet<string> = new Set(["NeighborSolicitation"]);

/** What a pod's program lets in without a further event (bpf/bpf_lxc.c: tail_ipv6_to_endpoint, is_icmp6_ndp, 1.19). */
const letIn: ReadonlySet<string> = new Set(["NeighborSolicitation", "NeighborAdvertisement"]);

function insufficient(missing: string): Disposition {
  return { type: "insufficient-information", missing };
}

/** The end at `to-network`. */
function leaving({ state }: PathContext, { packet, endpoint, kind }: Subject, hops: readonly Hop[]): Disposition {
  const exit = hops.findLast(({ place }) => place === "to-network")?.device;
  if (kind === "local-pod" && endpoint) {
    const routed = hops.flatMap(({ steps }) => steps).findLast((step) => step.type === "routed");
    const device = exit ?? (routed && egressDevices(routed.decision)[0]);
    return { type: "wrong-device", ...(device === undefined ? {} : { device }) };
  }
  const entry = hops.find(({ place }) => place === "from-network")?.device;
  const kept = keptEnds(packet);
  if (kept.src && kept.dst && entry !== undefined && entry === exit)
    return { type: "returned", by: "device", device: exit };
  const transit = transitOf(state, packet, kept.src);
  return transit ? { type: "sent", transit } : { type: "sent" };
}

/** Which addresses a packet has at its last event as at its first. */
function keptEnds({ events }: Packet): { readonly src: boolean; readonly dst: boolean } {
  const first = events[0]?.event.headers?.ip;
  const last = events.at(-1)?.event.headers?.ip;
  return { src: sameAddress(first?.src, last?.src), dst: sameAddress(first?.dst, last?.dst) };
}

/**
 * Whether a packet that left came from outside, and nothing shows that it was not for a pod here. A service's packet for another node
 * gets this node's address as its source. Of a packet that is seen only as it leaves, the identity `world` tells it. 0 tells nothing: the program of a
 * native device does not know who sent what it has no mark of (bpf/bpf_host.c: cil_to_netdev), so that the node's own packets have it, too.
 */
function transitOf(
  state: NodeState,
  { events, carries }: Packet,
  sameSource: boolean,
): "shown" | "possible" | undefined {
  const first = events[0]?.event;
  const place = first && placeOfEvent(first);
  if (place === "from-network") return sameSource ? "shown" : undefined;
  if (place !== "to-network" || !first) return undefined;
  if (isWorld(first.srcIdentity)) return "shown";
  if (first.srcIdentity !== 0 || carries) return undefined;
  const source = first.headers?.ip?.src;
  return source && ownAddress(fibOf(state, source.family), source).own ? undefined : "possible";
}

/**
 * Whether the proxy is shown to have got it: a packet from it or an answer comes later in the same conversation, or
 * it is the proxy that opened the connection. */
function proxyAnswered(context: PathContext, { packet }: Subject, last: PacketEvent): boolean {
  return conversationNear(context, packet).some(({ events, direction }) =>
    events.some(({ event }) => {
      if (packet.direction === "reply" && placeOfEvent(event) === "from-proxy") return true;
      // Events of other CPUs may stand before it in the file and be later all the same.
      if (event.cpu === last.cpu && event.place.start <= last.place.start) return false;
      return placeOfEvent(event) === "from-proxy" || (direction !== packet.direction && direction !== "unknown");
    }),
  );
}

function atProxy(context: PathContext, subject: Subject, last: PacketEvent, hops: readonly Hop[]): Disposition {
  if (proxyAnswered(context, subject, last)) return { type: "delivered" };
  const unseen = whyUnseen(context, subject, last, true);
  if (unseen !== undefined) return insufficient(unseen);
  const decision = decisionAtEnd(hops);
  if (decision && decision.type !== "branch" && !deliversLocally(decision)) return { type: "lost-at-proxy" };
  return isAskedAgain(context, subject, last)
    ? { type: "lost-at-proxy" }
    : insufficient("nothing behind it tells whether the proxy got it");
}

/** A resolver asks for two kinds of address at once, and again when it has waited: so many datagrams behind one mean that it has. */
const datagramsInVain = 3;

/** Whether its sender is seen to have waited for an answer in vain: the same segment comes again, or more datagrams than are sent at once. */
function isAskedAgain(context: PathContext, { packet }: Subject, last: PacketEvent): boolean {
  const l4 = packet.headers?.l4;
  const later = conversationNear(context, packet).filter(
    ({ direction, events: [first] }) =>
      direction === packet.direction && (first?.event.place.start ?? 0) > last.place.start,
  );
  if (l4?.protocol !== "tcp") return later.length >= datagramsInVain;
  return later.some(
    ({ headers }) => headers?.l4?.protocol === "tcp" && headers.l4.seq !== undefined && headers.l4.seq === l4.seq,
  );
}

/** What the dumps say of the look-up behind the last event. */
function decisionAtEnd(hops: readonly Hop[]) {
  const lastSeen = hops.findLastIndex(({ steps }) => steps.some(({ type }) => type === "observed"));
  const step = hops
    .slice(lastSeen + 1)
    .flatMap(({ steps }) => steps)
    .find(({ type }) => type === "routed");
  return step?.type === "routed" ? step.decision : undefined;
}

/** Adds to what is missing the table or rule that the dumps lack. */
function withDumps(missing: string, decision: Decision | undefined): string {
  if (decision?.type === "error") return `by the dumps the kernel refuses it (${decision.error}), but ${missing}`;
  return decision?.type === "missing"
    ? `${missing}, and by the dumps: ${decision.missing.replace(/\.$/, "")}`
    : missing;
}

/** Whether an encrypted packet that can only be this one was seen leaving. */
function leftEncrypted({ packet: { carriedBy } }: Subject): boolean {
  return carriedBy !== undefined && carriedBy.among === undefined && !carriedBy.isUnsure;
}

/** The end where the kernel has it. */
function inKernel(context: PathContext, subject: Subject, last: PacketEvent, hops: readonly Hop[]): Disposition {
  const decision = decisionAtEnd(hops);
  if (decision && deliversLocally(decision)) return { type: "delivered" };
  const { kind } = subject;
  // What the dumps alone say may be of another moment: it counts where the packet would be seen again and is not.
  const lost = (unseen: string | undefined): Disposition => {
    if (unseen !== undefined) return insufficient(withDumps(unseen, decision));
    return decision?.type === "error" ? { type: "dropped", reason: decision.error } : { type: "lost-in-kernel" };
  };
  if (leftEncrypted(subject)) return { type: "sent" };
  if (decision?.type === "error") return lost(whyHidden(context, subject, last, false));
  if (kind === "host" || kind === "proxy") return { type: "delivered" };
  if (kind === "local-pod") return lost(whyUnseenInside(context, subject, last));
  // What was routed out is seen leaving; what nothing is known of may have been for this node itself.
  const leaves = decision?.type === "route" && egressDevices(decision).length > 0;
  if (!leaves && placeOfEvent(last) !== "to-stack") {
    return insufficient(withDumps("it may have been for this node itself, which no event would show", decision));
  }
  return lost(whyUnseenOutside(context, subject, last));
}

/**
 * The end of a frame that is no IP packet. The program of a pod answers ARP itself or leaves it to the kernel, and reports neither (Cilium
 * 1.19, bpf/bpf_lxc.c: tail_handle_arp, and cil_from_container for other types).
 */
function endOfFrame(last: PacketEvent): Disposition {
  switch (placeOfEvent(last)) {
    case "to-endpoint":
      return { type: "delivered" };
    case "to-network":
    case "to-overlay":
      return { type: "sent" };
    default:
      return insufficient("what is no IP packet is answered or handed to the kernel without a further event");
  }
}

/** How a walk ended. */
export function dispositionOf(context: PathContext, subject: Subject, hops: readonly Hop[]): Disposition {
  const last = subject.packet.events.at(-1)?.event;
  if (!last) return insufficient("no event shows this packet");
  if (last.type === "drop") {
    return findDropReason(last.reason)?.handled ? { type: "delivered" } : { type: "dropped", reason: last.reason };
  }
  if (!last.headers?.ip) return endOfFrame(last);
  const ttl = loopOf(subject.packet);
  if (ttl) return { type: "looping", ttl };
  const place = placeOfEvent(last);
  const rest = subject.packet.mayGoOnAs;
  if (rest) return insufficient(`a later packet fits as the rest of it by ${rest.by}, and no key tells whether it is`);
  switch (place) {
    case "to-endpoint":
      return { type: "delivered" };
    case "to-host":
      if (!isForHost(last)) break;
      return { type: "delivered" };
    case "to-overlay":
    case "to-crypto":
      return { type: "sent" };
    case "to-network":
      return leaving(context, subject, hops);
    case "to-proxy":
      return atProxy(context, subject, last, hops);
    case "to-stack":
    case "from-crypto":
      return inKernel(context, subject, last, hops);
    case "from-network":
      if (context.facts.hostRouting !== "bpf" || subject.kind !== "local-pod")
        return inKernel(context, subject, last, hops);
      break;
  }
  const l4 = last.headers?.l4;
  if (place === "from-endpoint" && l4?.protocol === "icmpv6" && answeredByProgram.has(l4.typeCode)) {
    return { type: "returned", by: "node" };
  }
  if (place === "from-stack" && l4?.protocol === "icmpv6" && letIn.has(l4.typeCode)) return { type: "delivered" };
  if (context.witnesses.delivery(subject.packet)) {
    return insufficient("the last that is seen of it is a debug event, where a program is about to hand it on");
  }
  return insufficient(whyUnseen(context, subject, last, false) ?? swallowed(last));
}
