import type { CaseView, FixView, HopView, PacketView, WalkView } from "../../../../server/src/lsp/protocol.js";
import type { PacketStatus } from "./panelState.js";

/** The page's own words. What a packet did and why is told by the server. */
export const laneWords: Readonly<Record<HopView["lane"], string>> = {
  pod: "Pod",
  cilium: "Cilium",
  kernel: "Kernel",
  device: "Device",
  wire: "Wire",
};

export const laneMeanings: Readonly<Record<HopView["lane"], string>> = {
  pod: "In the pod",
  cilium: "In a Cilium program",
  kernel: "In the kernel's network stack",
  device: "At a network device",
  wire: "On the wire",
};

export const statusWords: Readonly<Record<PacketStatus, string>> = { broken: "Broken", ok: "OK", unknown: "Unknown" };

export const loadingSentence = "Reading the files of this case…";

/** How many packets a case has. */
export function packetCount({ packets: { broken, unknown, ok } }: CaseView): number {
  return broken + unknown + ok;
}

const grouped = new Intl.NumberFormat("en");

/** A number as people read it: `15,312`. */
export function countWords(count: number): string {
  return grouped.format(count);
}

/** `4 packets: 1 broken, 3 OK`. */
export function packetSummary(known: CaseView): string {
  const total = packetCount(known);
  if (total === 0) return "No packets in these files.";
  const counts = known.packets;
  const parts = (["broken", "unknown", "ok"] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${countWords(counts[status])} ${status === "ok" ? "OK" : status}`);
  return `${countWords(total)} ${total === 1 ? "packet" : "packets"}: ${parts.join(", ")}`;
}

/** What stands under a hop's title: where it is, what decided there, and whether the capture shows it. */
export function hopCaption(hop: HopView, hypothetical: boolean): string {
  const decided = hop.evidence.filter(({ kind }) => kind !== "log").map(({ label }) => label);
  const node = hop.node === undefined ? [] : [hop.node];
  const device = hop.device !== undefined && !hop.title.includes(hop.device) ? [hop.device] : [];
  if (decided.length > 0) return [...node, ...device, ...decided].join(" · ");
  const lane = laneWords[hop.lane] === hop.title ? [] : [laneWords[hop.lane]];
  return [...node, ...lane, ...device, ...(hop.seen || hypothetical ? [] : ["inferred"])].join(" · ");
}

/** What stands under a packet's title; its status comes first, in words. */
export function packetDetail({ title, detail, direction, status, statusWithFix }: PacketView): string {
  const told = title.toLowerCase().includes(direction) || direction === "unknown";
  return [
    statusWithFix === undefined ? statusWords[status] : `${statusWords[statusWithFix]} with the fix`,
    ...(told ? [] : [direction]),
    ...(detail === "" ? [] : [detail]),
  ].join(" · ");
}

/** What a screen reader hears when the selection comes to a hop. */
export function announceHop(
  walk: WalkView,
  hop: HopView,
  index: number,
  count: number,
  heading: string | undefined,
  parts: boolean,
): string {
  return [
    `${heading === undefined ? "" : `${heading}. `}Hop ${index + 1} of ${count}: ${hop.title}${hop.device === undefined ? "" : ` ${hop.device}`}${hop.node === undefined ? "" : ` on ${hop.node}`}.`,
    `${laneMeanings[hop.lane]}${hop.seen ? "" : ", not seen in the capture"}.`,
    ...(parts ? ["Here they part."] : []),
    ...hop.sentences,
    ...(index === count - 1 ? [walk.outcome] : []),
  ].join(" ");
}

/** What else a fix changes, in a sentence. */
export function sideEffectSentence(fix: FixView): string {
  const { sideEffectCount: count } = fix;
  if (count === 0) return "Nothing else changes.";
  return count === 1 ? "One more flow changes:" : `${countWords(count)} more flows change:`;
}
