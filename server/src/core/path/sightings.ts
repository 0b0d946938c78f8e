import { encryptionOf } from "../capture/linking/encryptionOf.js";
import type { Packet } from "../capture/packet.js";
import { describeIdentity } from "../cilium/identities.js";
import type { LostEvent, PacketEvent, TraceEvent } from "../monitor/event.js";
import { sameAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import { placeOfEvent } from "./observation.js";

/** What the packets of a node's captures show of its set-up, each with the first event that shows it. Small, whatever the capture's size. */
export interface Sightings {
  /** Two places that saw a packet one after the other, as `from-network>from-host`; some kinds of packets have words behind. */
  readonly pairs: ReadonlyMap<string, Place>;
  /** Encrypted packets between nodes, by kind. */
  readonly encrypted: ReadonlyMap<"wireguard" | "ipsec", Place>;
  /** A source that was translated on the way out: by BPF where the event names the source before it or no netfilter lies between, else by whom is open. */
  readonly masquerade: ReadonlyMap<"bpf" | "unknown", Place>;
}

/** Whether an identity is of something outside the cluster. */
export function isWorld(identity: number): boolean {
  const { name, scope } = describeIdentity(identity);
  return scope === "cidr" || name?.startsWith("world") === true;
}

function isWorkload(identity: number): boolean {
  const { scope } = describeIdentity(identity);
  return scope === "cluster" || scope === "clustermesh";
}

/** Words for the addresses that differ between two events, in a request and otherwise. */
function translationOf(before: PacketEvent, after: TraceEvent, direction: Packet["direction"]): string[] {
  const [from, to] = [before.headers?.ip, after.headers?.ip];
  if (!from || !to || sameAddress(from.dst, to.dst)) return [];
  const ends = sameAddress(from.src, to.src) ? "its destination" : "both ends";
  return [" translated", ...(direction === "request" ? [` a request with ${ends} translated`] : [])];
}

/** Words that tell kinds of a pair apart: to whom the packet goes and from whom, whether the device is named, what was translated. */
function kindsOf(before: PacketEvent, after: TraceEvent, direction: Packet["direction"]): string[] {
  // The program of a native device does not look the destination up.
  const identity = after.dstIdentity || before.dstIdentity;
  return [
    ...translationOf(before, after, direction),
    ...(isWorld(identity) ? [" to world"] : []),
    ...(identity === 1 ? [" to host"] : []),
    ...(isWorkload(identity) ? [" to pod"] : []),
    ...(isWorkload(after.srcIdentity) ? [" from pod"] : []),
    ...(after.ifname === undefined ? [] : [" by device"]),
  ];
}

/**
 * Who translated the source of a packet of this node that leaves the cluster, if that is what these two events show. Answers and services'
 * requests that come from outside are translated, too, and are not masqueraded.
 */
function masqueradeBetween(
  before: PacketEvent,
  after: TraceEvent,
  direction: Packet["direction"],
): "bpf" | "unknown" | undefined {
  const from = placeOfEvent(before);
  const source = after.headers?.ip?.src;
  const isOwn = from === "to-stack" || from === "to-network";
  if (!isOwn || placeOfEvent(after) !== "to-network" || direction === "reply") return undefined;
  if (sameAddress(before.headers?.ip?.src, source)) return undefined;
  // No netfilter lies between the program that sends to a device and that of the device.
  const pastNetfilter = from === "to-network" || (after.origIp && !sameAddress(after.origIp, source));
  return pastNetfilter ? "bpf" : "unknown";
}

/** Whether events were lost between two places of a file, in either order. `losses` are in the order of the file. */
function lostBetween(losses: readonly LostEvent[], a: number, b: number): boolean {
  const from = Math.min(a, b);
  let low = 0;
  let high = losses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((losses[middle]?.place.start ?? 0) > from) high = middle;
    else low = middle + 1;
  }
  const next = losses[low]?.place.start;
  return next !== undefined && next < Math.max(a, b);
}

/**
 * Looks through joined packets, which may be decoded one by one.
 *
 * @param lossesOf where events of a file were lost: two events around a loss need not be neighbours
 */
export function learnSightings(packets: Iterable<Packet>, lossesOf: (file: string) => readonly LostEvent[]): Sightings {
  const pairs = new Map<string, Place>();
  const encrypted = new Map<"wireguard" | "ipsec", Place>();
  const masquerade = new Map<"bpf" | "unknown", Place>();
  const note = <K>(seen: Map<K, Place>, key: K, { place }: PacketEvent): void => {
    if (!seen.has(key)) seen.set(key, place);
  };
  for (const { file, events, direction } of packets) {
    const losses = lossesOf(file);
    let before: PacketEvent | undefined;
    for (const { event } of events) {
      const kind = event.headers && encryptionOf(event.headers);
      if (kind) note(encrypted, kind, event);
      const from = before && placeOfEvent(before);
      const to = placeOfEvent(event);
      const apart = before && lostBetween(losses, before.place.start, event.place.start);
      if (from && to && before && !apart && event.type === "trace") {
        for (const words of ["", ...kindsOf(before, event, direction)]) note(pairs, `${from}>${to}${words}`, event);
        const by = masqueradeBetween(before, event, direction);
        if (by) note(masquerade, by, event);
      }
      before = event;
    }
  }
  return { pairs, encrypted, masquerade };
}
