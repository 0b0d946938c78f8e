import type { Packet } from "../capture/packet.js";
import type { Decision } from "../fib/decision.js";
import type { Address } from "../net/address.js";
import { datapathPlaces } from "./datapathPlaces.js";
import type { PathContext } from "./pathContext.js";
import type { Disposition, Hop } from "./trace.js";
import type { Witness } from "./witness.js";

/** The next hop that a decision names: the gateway, or the destination itself. Unknown where several may be used. */
function nextHop(decision: Decision | undefined): Address | undefined {
  if (decision?.type !== "route" || decision.route.type !== "unicast" || decision.nexthops.length !== 1)
    return undefined;
  const hop = decision.route.nexthops[decision.nexthops[0] ?? 0];
  return hop?.via ?? (hop?.dev === undefined ? undefined : decision.flow.dst);
}

/** The look-up after the last event that shows the packet. */
function openDecision(hops: readonly Hop[]): { readonly at: number; readonly decision: Decision } | undefined {
  const lastSeen = hops.findLastIndex(({ steps }) => steps.some(({ type }) => type === "observed"));
  for (let at = hops.length - 1; at > lastSeen; at--) {
    const step = hops[at]?.steps.find(({ type }) => type === "routed");
    if (step?.type === "routed") return { at, decision: step.decision };
  }
  return undefined;
}

/** Where the kernel had it last; else the last place. */
function kernelHop(hops: readonly Hop[]): number {
  const at = hops.findLastIndex(({ place }) => datapathPlaces[place].lane === "kernel");
  return at < 0 ? hops.length - 1 : at;
}

/** The hop at which each of a packet's witnesses speaks. */
function witnessesAt(
  { witnesses }: PathContext,
  packet: Packet,
  hops: readonly Hop[],
  { type }: Disposition,
): { readonly at: number; readonly witness: Witness }[] {
  const found: { readonly at: number; readonly witness: Witness }[] = [];
  const add = (at: number, witness: Witness | undefined): void => {
    if (witness && at >= 0) found.push({ at, witness });
  };
  add(0, witnesses.socket(packet));
  add(kernelHop(hops), witnesses.kernel(packet));
  const isOpen = type === "lost-in-kernel" || type === "insufficient-information";
  if (isOpen) add(hops.length - 1, witnesses.delivery(packet));
  const { arp } = packet.headers ?? {};
  if (arp?.operation === "request") add(hops.length - 1, witnesses.neighbours.about(arp.target));
  // A packet waits in the kernel for its next hop's MAC address before any device sees it (net/core/neighbour.c: neigh_resolve_output).
  const open = isOpen ? openDecision(hops) : undefined;
  const next = nextHop(open?.decision);
  const asked = next && witnesses.neighbours.about(next);
  if (open && asked && !asked.answer) add(open.at, asked);
  for (const report of packet.reports ?? []) add(hops.length - 1, { type: "icmp-error", report });
  return found;
}

/** Adds to a walk what other events of the node tell of the packet, each at the place that it is about. */
export function addWitnesses(
  context: PathContext,
  packet: Packet,
  hops: readonly Hop[],
  disposition: Disposition,
): readonly Hop[] {
  const found = witnessesAt(context, packet, hops, disposition);
  if (found.length === 0) return hops;
  return hops.map((hop, index) => {
    const own = found.filter(({ at }) => at === index).map(({ witness }) => ({ type: "witnessed" as const, witness }));
    return own.length > 0 ? { ...hop, steps: [...hop.steps, ...own] } : hop;
  });
}
