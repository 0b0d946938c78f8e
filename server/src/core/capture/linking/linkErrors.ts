import type { PacketEvent, PacketHeaders } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import type { ErrorReport, Packet } from "../packet.js";

/** Most errors that are kept of one packet: a sender that does not listen is told again and again. */
const mostReports = 4;

/** An ICMP error and the headers of the packet that it is about, as one event shows them. */
interface ShownError {
  readonly index: number;
  readonly event: PacketEvent;
  readonly about: PacketHeaders;
}

function flowName({ ip, l4 }: PacketHeaders): string | undefined {
  if (!ip) return undefined;
  const ports = l4 && "sport" in l4 ? `${l4.sport} ${l4.dport}` : "";
  return `${l4?.protocol ?? ip.protocol ?? ""} ${formatAddress(ip.src)} ${formatAddress(ip.dst)} ${ports}`;
}

/** By what the headers in an error tell its packet from others of the flow; `undefined` where they say that it is another one. */
function agreement(shown: PacketHeaders, about: PacketHeaders): "numbers" | "flow" | undefined {
  const [a, b] = [shown.l4, about.l4];
  let agreed: "numbers" | "flow" = "flow";
  const [shownId, aboutId] = [shown.ip?.id, about.ip?.id];
  if (shownId !== undefined && aboutId !== undefined) {
    if (shownId !== aboutId) return undefined;
    // Linux sends 0 where it tells nothing.
    if (shownId !== 0) agreed = "numbers";
  }
  if (a && b && "seq" in a && "seq" in b && a.seq !== undefined && b.seq !== undefined) {
    if (a.seq !== b.seq || ("id" in a && "id" in b && a.id !== b.id)) return undefined;
    agreed = "numbers";
  }
  return agreed;
}

function shownErrors(packets: readonly Packet[]): ShownError[] {
  return packets.flatMap(({ events }, index) =>
    events.flatMap(({ event }) => {
      const l4 = event.headers?.l4;
      const about = l4 && "about" in l4 ? l4.about : undefined;
      return about ? [{ index, event, about }] : [];
    }),
  );
}

/** Packets by the flow that any of their events shows, for the flows that errors are about. */
function packetsByFlow(packets: readonly Packet[], wanted: ReadonlySet<string>): Map<string, number[]> {
  const byFlow = new Map<string, number[]>();
  packets.forEach(({ events }, index) => {
    for (const { event } of events) {
      const name = event.headers && flowName(event.headers);
      if (name === undefined || !wanted.has(name)) continue;
      const group = byFlow.get(name) ?? [];
      if (group.at(-1) !== index) group.push(index);
      byFlow.set(name, group);
    }
  });
  return byFlow;
}

/** The packets of a flow that an error may be about: those that its numbers name, or all. */
function candidates(packets: readonly Packet[], group: readonly number[], { about, event }: ShownError) {
  const found = group.flatMap((index) => {
    const how = packets[index]?.events.flatMap(({ event: { headers } }) =>
      headers && flowName(headers) === flowName(about) ? (agreement(headers, about) ?? []) : [],
    );
    return how && how.length > 0 ? [{ index, isNamed: how.includes("numbers") }] : [];
  });
  const named = found.filter(({ isNamed }) => isNamed);
  const chosen = named.length > 0 ? named : found;
  const isBefore = ({ index }: { readonly index: number }) =>
    (packets[index]?.events[0]?.event.place.start ?? 0) <= event.place.start;
  return { chosen: chosen.findLast(isBefore) ?? chosen[0], among: chosen.length, isNamed: named.length > 0 };
}

/**
 * Binds each ICMP error whose bytes were printed to the packet that it is about: it carries that packet's headers, as they were where the error
 * was made (RFC 792, RFC 4443 section 3.1), so that one event of the packet has the same addresses, ports and numbers.
 *
 * @param packets of one node; those that no error is about are answered as they are
 */
export function linkErrors(packets: readonly Packet[]): Packet[] {
  const errors = shownErrors(packets);
  const linked = [...packets];
  if (errors.length === 0) return linked;
  const byFlow = packetsByFlow(packets, new Set(errors.flatMap(({ about }) => flowName(about) ?? [])));
  for (const error of errors) {
    const group = byFlow.get(flowName(error.about) ?? "") ?? [];
    const { chosen, among, isNamed } = candidates(packets, group, error);
    const source = linked[error.index];
    const subject = chosen && linked[chosen.index];
    if (!source || !subject || source.about || chosen.index === error.index) continue;
    const by = isNamed ? "the headers that the error carries" : "the addresses and ports that the error carries";
    const doubt = among > 1 ? { among } : {};
    linked[error.index] = { ...source, about: { file: subject.file, number: subject.number, by, ...doubt } };
    const report: ErrorReport = { file: source.file, number: source.number, by, ...doubt, event: error.event };
    if ((subject.reports?.length ?? 0) >= mostReports) continue;
    linked[chosen.index] = { ...subject, reports: [...(subject.reports ?? []), report] };
  }
  return linked;
}
