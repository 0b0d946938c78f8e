import type { PacketEvent } from "../monitor/event.js";
import type { CaptureKnowledge } from "./captureKnowledge.js";
import { conversationNear } from "./conversationNear.js";
import { isInSrv6, mayHoldSrv6, placeOfEvent } from "./observation.js";
import type { PathContext } from "./pathContext.js";
import { isWorld } from "./sightings.js";
import type { Subject } from "./subject.js";

/**
 * Where the next packet of the same conversation begins on the same CPU: what was missed in between was missed before it. Where none follows, a loss anywhere
 * behind counts: packets of other conversations set no bound, also on one CPU, as this one may wait for its next hop's MAC address
 * (net/core/neighbour.c), to be decrypted (XFRM) or reassembled, and batches are handed on in several rounds (net/core/dev.c).
 */
function nextOfConversation(context: PathContext, { packet }: Subject, last: PacketEvent): number {
  // Events of another CPU stand where its buffer happened to be read.
  const starts = conversationNear(context, packet).flatMap(({ events: [first] }) =>
    first && first.event.cpu === last.cpu && first.event.place.start > last.place.start ? first.event.place.start : [],
  );
  return Math.min(Number.POSITIVE_INFINITY, ...starts);
}

/**
 * Why a further event behind `last` may be hidden or lost: a clause that says what is missing. The kernel takes a packet from one program to
 * the next within one run on one CPU (net/core/dev.c: __netif_receive_skb_core to dev_queue_xmit), so events lost on other CPUs do not
 * matter, unless a process or another device lies between.
 *
 * @param anyCpu whether what comes next may run on another CPU
 */
export function whyHidden(
  context: PathContext,
  subject: Subject,
  last: PacketEvent,
  anyCpu: boolean,
): string | undefined {
  if (mayHoldSrv6(last)) return "it holds another packet, which Cilium takes out where SRv6 leads to this node";
  const capture = captureOf(context, subject);
  if (capture?.aggregation !== "none") return "this capture does not show every event (monitor aggregation)";
  const behind = capture.losses.find(({ place, cpu }) => {
    const sameCpu = anyCpu || cpu === undefined || last.cpu === undefined || cpu === last.cpu;
    return sameCpu && place.start > last.place.start;
  });
  return behind && behind.place.start < nextOfConversation(context, subject, last)
    ? "the monitor lost events just behind its last one"
    : undefined;
}

/**
 * Why the lack of a further event behind `last` proves nothing: it may be hidden or lost, or the capture ends too early. `undefined` where it
 * does prove that the packet came to no further observation point.
 */
export function whyUnseen(
  context: PathContext,
  subject: Subject,
  last: PacketEvent,
  anyCpu: boolean,
): string | undefined {
  const hidden = whyHidden(context, subject, last, anyCpu);
  if (hidden !== undefined) return hidden;
  return (captureOf(context, subject)?.end ?? -1) <= last.place.start ? "the capture ends with it" : undefined;
}

function captureOf({ captures }: PathContext, { packet }: Subject): CaptureKnowledge | undefined {
  return captures.find(({ file }) => file === packet.file);
}

/** Whether an event says that the packet is for no node and no pod of the cluster: such packets are never encrypted. */
function goesToWorld({ packet }: Subject): boolean {
  return packet.events.some(({ event }) => isWorld(event.dstIdentity));
}

/** Likewise for a packet that was to leave by a native device: only some set-ups show it there. */
export function whyUnseenOutside(context: PathContext, subject: Subject, last: PacketEvent): string | undefined {
  const { encryption } = context.facts;
  const reason = whyUnseen(context, subject, last, false);
  if (reason !== undefined) return reason;
  if (!showsAny(context, subject, ["to-network"])) {
    return "this capture shows no packet leaving, so the node's devices do not report them";
  }
  if (isInSrv6(last)) return "inside SRv6 it can't be told from other packets";
  if (goesToWorld(subject)) return undefined;
  if (encryption === undefined) {
    return "whether packets between nodes are encrypted, and so look different outside, is not known";
  }
  return encryption === "none" ? undefined : "behind encryption it can't be told from other packets";
}

/** Likewise for a packet that the kernel was to bring to a pod of this node. */
export function whyUnseenInside(context: PathContext, subject: Subject, last: PacketEvent): string | undefined {
  const reason = whyUnseen(context, subject, last, false);
  if (reason !== undefined) return reason;
  return showsAny(context, subject, ["from-host", "from-stack"])
    ? undefined
    : "this capture shows no packet coming out of the kernel to a pod, so such events may have been filtered out";
}

function showsAny(context: PathContext, subject: Subject, points: readonly string[]): boolean {
  const capture = captureOf(context, subject);
  return points.some((point) => capture?.points.has(point));
}

/** What an observation point that only receives, and nothing after it, tells. */
export function swallowed(last: PacketEvent): string {
  return `Cilium took it at ${placeOfEvent(last) ?? "this point"} and reported neither where it handed it nor a drop (drop events can be turned off)`;
}
