import type { MonitorEvent, PacketEvent } from "../monitor/event.js";
import { type Address, formatAddress, sameAddress } from "../net/address.js";
import type { Witness } from "./witness.js";

/** What a node's captures show of ARP. */
export interface NeighbourRequests {
  /** What was asked about an address, and whether it was answered; `undefined` where nobody asked. */
  readonly about: (address: Address) => Extract<Witness, { type: "neighbour" }> | undefined;
}

interface Asked {
  readonly address: Address;
  readonly requests: PacketEvent[];
  answer?: PacketEvent;
}

/** An announcement asks for the sender's own address, and a probe has no sender (RFC 5227): neither waits for an answer. */
function isQuestion(sender: Address, target: Address): boolean {
  return sender.value !== 0n && !sameAddress(sender, target);
}

/** Gathers the ARP requests of captures with their answers (RFC 826). Only text with the packets' bytes or layers shows who asks for whom. */
export function neighbourRequests(events: Iterable<MonitorEvent>): NeighbourRequests {
  const byAddress = new Map<string, Asked>();
  const entryOf = (address: Address): Asked => {
    const name = formatAddress(address);
    const entry = byAddress.get(name) ?? { address, requests: [] };
    byAddress.set(name, entry);
    return entry;
  };
  for (const event of events) {
    const arp = event.type === "trace" ? event.headers?.arp : undefined;
    if (event.type !== "trace" || !arp) continue;
    if (arp.operation === "request" && isQuestion(arp.sender, arp.target)) entryOf(arp.target).requests.push(event);
    if (arp.operation === "reply") entryOf(arp.sender).answer ??= event;
  }
  return {
    about(address) {
      const { requests = [], answer } = byAddress.get(formatAddress(address)) ?? {};
      const asked = requests.at(-1);
      if (!asked) return undefined;
      return { type: "neighbour", address, asked, requests: requests.length, ...(answer ? { answer } : {}) };
    },
  };
}
