import type { Packet, PacketReference } from "../capture/packet.js";
import type { Hop, Journey, Trace } from "./trace.js";

function nameOf({ file, number }: Pick<PacketReference, "file" | "number">): string {
  return `${number} ${file}`;
}

/** The traces of one packet in the order of its way, from the capture that saw it first; the given one alone if no other saw it. */
function chainOf(trace: Trace, byName: ReadonlyMap<string, Trace>): Trace[] {
  const chain = [trace];
  const seen = new Set([trace]);
  const follow = (
    from: Trace,
    link: (packet: Packet) => PacketReference | undefined,
    add: (next: Trace) => void,
  ): void => {
    for (let at: Trace | undefined = from; at; ) {
      const reference = link(at.packet);
      const next: Trace | undefined = reference && byName.get(nameOf(reference));
      if (!next || seen.has(next)) return;
      seen.add(next);
      add(next);
      at = next;
    }
  };
  follow(
    trace,
    ({ continues }) => continues,
    (before) => chain.unshift(before),
  );
  follow(
    trace,
    ({ continuedBy }) => continuedBy,
    (after) => chain.push(after),
  );
  return chain;
}

/** Hops of several parts as one walk, with one wire between two parts. */
function joinHops(parts: readonly (readonly Hop[])[], names: readonly string[]): Hop[] {
  const joined: Hop[] = [];
  parts.forEach((hops, index) => {
    const node = names[index];
    const last = joined.at(-1);
    const own = hops.map((hop): Hop => (hop.place === "wire" || node === undefined ? hop : { ...hop, node }));
    if (last && last.place !== "wire" && own[0]?.place !== "wire") joined.push({ place: "wire", steps: [] });
    joined.push(...(last?.place === "wire" && own[0]?.place === "wire" ? own.slice(1) : own));
  });
  return joined;
}

/** The whole way of a packet; the last part tells how it ended and where it left the normal way. */
function journeyOf(chain: readonly Trace[], nodeOf: (packet: Packet) => string): Journey {
  const names = chain.map(({ packet }) => nodeOf(packet));
  const hops = joinHops(
    chain.map((trace) => trace.hops),
    names,
  );
  const last = chain.at(-1);
  const node = names.at(-1);
  const end = {
    hops,
    disposition: last?.disposition ?? { type: "sent" as const },
    ...(node === undefined ? {} : { node }),
  };
  if (!last?.expected || last.parting === undefined) return end;
  const before = hops.length - last.hops.length;
  const expected = joinHops([...chain.slice(0, -1).map((trace) => trace.hops), last.expected], names);
  return { ...end, expected, parting: before + last.parting };
}

/**
 * Gives each trace whose packet was seen by other captures of the case its whole way: the hops of all of them in order, with the wire
 * between, each with the name of its node.
 *
 * @param traces of all nodes of the case, their packets linked (`continues`, `continuedBy`)
 * @param nodeOf the name of the node where a packet was captured
 */
export function joinAcrossNodes(traces: readonly Trace[], nodeOf: (packet: Packet) => string): Trace[] {
  const byName = new Map(traces.map((trace) => [nameOf(trace.packet), trace]));
  return traces.map((trace) => {
    if (!trace.packet.continues && !trace.packet.continuedBy) return trace;
    const chain = chainOf(trace, byName);
    return chain.length > 1 ? { ...trace, across: journeyOf(chain, nodeOf) } : trace;
  });
}
