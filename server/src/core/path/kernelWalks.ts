import type { Packet } from "../capture/packet.js";
import { isDropFunction } from "../cilium/kernelDropReasons.js";
import type { KernelEvent, MonitorEvent, PacketHeaders } from "../monitor/event.js";
import { formatAddress } from "../net/address.js";
import type { Witness } from "./witness.js";

/** Functions after which a packet's buffer is another's (net/core/skbuff.c, Linux 6.13); those that drop are known beside. */
const freeing: ReadonlySet<string> = new Set(["consume_skb", "__kfree_skb", "kfree_skb_partial", "napi_consume_skb"]);

/** The ends and protocol of a packet, as pwru has them: without the numbers that tell packets of a flow apart. */
function tupleOf({ ip, l4 }: PacketHeaders): string | undefined {
  if (!ip) return undefined;
  const ports = l4 && "sport" in l4 ? `${l4.sport} ${l4.dport}` : "";
  // pwru names the protocol in the IP header, one-line texts of Cilium in the transport's.
  const protocol = (ip.protocol ?? l4?.protocol ?? "").toLowerCase().replace(/^icmpv4$/, "icmp");
  return `${protocol} ${formatAddress(ip.src)} ${formatAddress(ip.dst)} ${ports}`;
}

function tuplesOf(events: Iterable<{ readonly headers?: PacketHeaders }>): Set<string> {
  const tuples = new Set<string>();
  for (const { headers } of events) {
    const tuple = headers && tupleOf(headers);
    if (tuple !== undefined) tuples.add(tuple);
  }
  return tuples;
}

/** The functions that one buffer went through until it was freed, in the order of the file. */
type KernelWalk = readonly KernelEvent[];

function kernelWalks(events: Iterable<MonitorEvent>): KernelWalk[] {
  const open = new Map<string, KernelEvent[]>();
  const walks: KernelEvent[][] = [];
  for (const event of events) {
    if (event.type !== "pwru") continue;
    const known = open.get(event.skb);
    const walk = known ?? [];
    walk.push(event);
    if (!known) {
      walks.push(walk);
      open.set(event.skb, walk);
    }
    if (isDropFunction(event.function) || freeing.has(event.function)) open.delete(event.skb);
  }
  return walks;
}

/** The function that tells most of a walk: the one that drops the packet, else the last one that is not its orderly end. */
function tellingFunction(walk: KernelWalk): KernelEvent | undefined {
  return (
    walk.find((event) => isDropFunction(event.function) && event.dropReason !== "SKB_CONSUMED") ??
    walk.findLast((event) => !freeing.has(event.function) && !isDropFunction(event.function)) ??
    walk.at(-1)
  );
}

/** A function with its reason, to compare walks by. */
function wordsFor({ function: name, dropReason = "" }: KernelEvent): string {
  return `${name} ${dropReason}`;
}

/**
 * What pwru shows of packets that captures of the same node show too. Both name addresses, ports and protocol only, and neither has a clock that the
 * other knows, so it is of the very packet where each saw one with this tuple; else of its flow, and only where pwru saw the same of all of
 * its packets.
 *
 * @param packets those of the node's captures
 * @param areAll whether these are all packets that the captures show
 */
export function kernelWitnesses(
  events: Iterable<MonitorEvent>,
  packets: readonly Packet[],
  areAll: boolean,
): (packet: Packet) => Witness | undefined {
  const byTuple = new Map<string, Set<KernelWalk>>();
  for (const walk of kernelWalks(events)) {
    for (const tuple of tuplesOf(walk)) byTuple.set(tuple, (byTuple.get(tuple) ?? new Set()).add(walk));
  }
  if (byTuple.size === 0) return () => undefined;
  const tuples = new Map(packets.map((packet) => [packet, tuplesOf(packet.events.map(({ event }) => event))]));
  const counts = new Map<string, number>();
  for (const own of tuples.values()) for (const tuple of own) counts.set(tuple, (counts.get(tuple) ?? 0) + 1);
  return (packet) => {
    const own = [...(tuples.get(packet) ?? [])].filter((tuple) => byTuple.has(tuple));
    const walks = [...new Set(own.flatMap((tuple) => [...(byTuple.get(tuple) ?? [])]))];
    const telling = walks.flatMap((walk) => tellingFunction(walk) ?? []);
    const [event] = telling;
    const first = walks[0]?.[0];
    if (!event || !first || telling.some((other) => wordsFor(other) !== wordsFor(event))) return undefined;
    const count = Math.max(...own.map((tuple) => counts.get(tuple) ?? 1));
    return { type: "kernel", event, first, seen: walks.length, isOnly: areAll && walks.length === 1 && count === 1 };
  };
}
