import { findDropReason } from "../../cilium/dropReasons.js";
import type { DropEvent, PolicyVerdictEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import { groupBy } from "../groupBy.js";

/** An event that says that a packet was dropped. A denying verdict stands alone where the monitor was asked for verdicts only. */
export type DroppingEvent = DropEvent | PolicyVerdictEvent;

/** Drops that have one cause in all likelihood, and are one finding. */
export interface DropGroup {
  /** Cilium's words for the reason. */
  readonly reason: string;
  readonly extError: number;
  /** In the order of the file; never empty. */
  readonly events: readonly DroppingEvent[];
  /** How many flows they are of. */
  readonly flows: number;
}

/** How many flows that one endpoint loses for one reason are told apart; more are one group. */
const flowsToldApart = 5;

/** Where Linux begins to choose source ports (net.ipv4.ip_local_port_range): the port of a client, another one for each connection. */
const firstEphemeralPort = 32768;

/** The port that names the service: the other one is the client's, and changes with each attempt. Both where neither tells. */
function servicePort(sport: number, dport: number): string {
  if (sport >= firstEphemeralPort && dport < firstEphemeralPort) return `>${dport}`;
  if (dport >= firstEphemeralPort && sport < firstEphemeralPort) return `<${sport}`;
  return `${sport}>${dport}`;
}

function flowKey({ headers, hubble }: DroppingEvent): string {
  const { ip, l4 } = headers ?? {};
  const ports = l4 === undefined ? "" : "sport" in l4 ? servicePort(l4.sport, l4.dport) : l4.typeCode;
  // Hubble's short forms name pods in the place of addresses.
  const ends = ip
    ? `${formatAddress(ip.src)}|${formatAddress(ip.dst)}`
    : `${hubble?.sourcePod}|${hubble?.destinationPod}`;
  return `${ends}|${l4?.protocol ?? ip?.protocol ?? ""}|${ports}`;
}

/** What tells the packets of one direction of a flow from all others; `undefined` where no header was read. */
export function exactFlow({ headers }: DroppingEvent): string | undefined {
  const { ip, l4 } = headers ?? {};
  if (!ip) return undefined;
  const ports = l4 && "sport" in l4 ? `${l4.sport}>${l4.dport}` : "";
  return `${formatAddress(ip.src)}|${formatAddress(ip.dst)}|${l4?.protocol ?? ""}|${ports}`;
}

/** The reason of a drop in Cilium's words: also where an old monitor printed the number of a reason that it did not know. */
export function reasonOf(event: DroppingEvent): string {
  if (event.type === "policy-verdict") return "Policy denied";
  return findDropReason(event.reason)?.text ?? event.reason;
}

function causeKey(event: DroppingEvent): string {
  if (event.type === "policy-verdict") return `Policy denied|0|${event.endpoint}|${event.direction}`;
  const { source, dstEndpoint, extError = 0, headers } = event;
  // A one-line text does not name the sender's endpoint; its address stands for it.
  const sender = source === 0 && headers?.ip ? formatAddress(headers.ip.src) : source;
  return `${reasonOf(event)}|${extError}|${sender}|${dstEndpoint}`;
}

/**
 * Puts the drops of one capture together by reason, endpoint and flow: a sender that tries again is no new finding, and a scan of a
 * thousand ports is one. In the order of their first events. Linear in the number of events.
 */
export function groupDrops(events: readonly DroppingEvent[]): DropGroup[] {
  return [...groupBy(events, causeKey).values()].flatMap((sameCause) => {
    const [first] = sameCause;
    if (!first) return [];
    const common = { reason: reasonOf(first), extError: (first.type === "drop" && first.extError) || 0 };
    const flows = [...groupBy(sameCause, flowKey).values()];
    return flows.length > flowsToldApart
      ? [{ ...common, events: sameCause, flows: flows.length }]
      : flows.map((flow) => ({ ...common, events: flow, flows: 1 }));
  });
}
