import { monitorLine, type TraceLine } from "./monitorLine.js";
import { type PlayedEvent, playWalk } from "./playWalk.js";
import { type Random, randomFrom } from "./random.js";
import { type DrawnPacket, type DrawnWalk, readPlaces, type Scenario } from "./scenario.js";
import { textLine } from "./textLine.js";

/** What happens to a capture on its way from the programs to the file. */
export interface Disturbance {
  readonly seed: number;
  /** Packets of other conversations, and lines of other kinds, among the events. */
  readonly noise?: boolean;
  /** Packets run on several CPUs, whose rings are read in turn. */
  readonly reorder?: boolean;
  /** Share of the events that the rings of the CPUs lose, in runs; each run is reported. */
  readonly loss?: number;
  /** Whether monitor aggregation is `medium`. */
  readonly aggregated?: boolean;
  /** Whether the monitor prints a text of one line for an event, without flow hash, CPU or anything of a packet's contents. */
  readonly text?: boolean;
  /** Whether the capture ends with the last packet that is drawn. */
  readonly cut?: boolean;
}

/** A packet's walk on one node as it was played. */
export interface PlayedWalk {
  readonly packet: DrawnPacket;
  readonly walk: DrawnWalk;
  /** IP identification of all its events. */
  readonly id: number;
  /** The events that the capture shows. */
  readonly kept: readonly PlayedEvent[];
}

/** One node's capture. */
export interface PlayedCapture {
  readonly node: string;
  readonly text: string;
  readonly walks: readonly PlayedWalk[];
}

/** A line in the ring of a CPU. */
interface RingLine {
  readonly text: string;
  readonly of?: { readonly walk: number; readonly event: PlayedEvent };
}

const otherLines = [
  "Policy verdict log: flow 0x0 local EP ID 91, remote ID 1121, proto 6, egress, action allow, auth: disabled, match none, 10.9.0.1:40000 -> 10.9.0.2:80 tcp SYN",
  'level=info msg="Initializing dissection cache..." subsys=monitor',
];

/** A ping between two pods of the node that nobody asked about. */
function noiseWalk(node: string, index: number): { readonly packet: DrawnPacket; readonly walk: DrawnWalk } {
  const own = "abc".indexOf(node) + 1;
  const places = readPlaces("(pod) from-endpoint to-endpoint (pod)".split(" "));
  const walk = { node, places, disposition: "delivered" };
  return {
    packet: {
      protocol: "icmp",
      src: `10.${own}.0.200:${5000 + index}`,
      dst: `10.${own}.0.201`,
      words: ["EchoRequest"],
      walks: [walk],
    },
    walk,
  };
}

/** Flags that are reported when a connection shows them first (pkg/option: monitor-aggregation-flags, 1.8 to 1.19). */
const tellingFlags = ["SYN", "FIN", "RST"];

/**
 * What aggregation `medium` and `maximum` let through: of the events that connection tracking reports, the first of each direction of a
 * connection at each place, and those with a flag that is new there (Cilium 1.19, bpf/lib/conntrack.h: ct_update_report_flags; its
 * interval of five seconds never passes here).
 */
function aggregation(): (packet: DrawnPacket, event: PlayedEvent) => boolean {
  const seen = new Map<string, Set<string>>();
  return ({ protocol, src, dst, words }, { line, aggregated, tracked }) => {
    if (aggregated || !tracked) return !aggregated;
    const key = `${protocol} ${src} ${dst} ${line.point}`;
    const flags = seen.get(key);
    const telling = words.filter((word) => tellingFlags.includes(word) && !flags?.has(word));
    seen.set(key, new Set([...(flags ?? []), ...telling]));
    return flags === undefined || telling.length > 0;
  };
}

/** Reads the rings in turn, a few lines at a time, as the monitor does. */
function readRings(rings: readonly (readonly RingLine[])[], random: Random): RingLine[] {
  const open = rings.map((ring) => [...ring]);
  const read: RingLine[] = [];
  while (open.some((ring) => ring.length > 0)) {
    const ring = random.pick(open);
    read.push(...ring.splice(0, 1 + random.below(4)));
  }
  return read;
}

/** Takes runs of lines out of a ring and puts the monitor's word for it in their place. */
function loseRuns(ring: readonly RingLine[], cpu: number, share: number, random: Random): RingLine[] {
  const left: RingLine[] = [];
  for (let at = 0; at < ring.length; at++) {
    const line = ring[at];
    if (!line) continue;
    if (!random.chance(share)) {
      left.push(line);
      continue;
    }
    const run = 1 + random.below(3);
    const lost = Math.min(run, ring.length - at);
    left.push({ text: `CPU ${String(cpu).padStart(2, "0")}: Lost ${lost} events` });
    at += lost - 1;
  }
  return left;
}

/** The capture of a node that shows the packets of a scenario. */
export function playCapture(scenario: Scenario, node: string, disturbance: Disturbance): PlayedCapture {
  const { seed, noise = false, reorder = false, loss = 0, aggregated = false, cut = false, text = false } = disturbance;
  const print = text ? textLine : monitorLine;
  const random = randomFrom(seed);
  const drawn = scenario.packets.flatMap((packet, index) =>
    packet.walks.filter((walk) => walk.node === node).map((walk) => ({ packet, walk, id: 100 + index })),
  );
  const rings: RingLine[][] = [[], [], [], []];
  const isReported = aggregation();
  const run = (packet: DrawnPacket, walk: DrawnWalk, id: number, of: number | undefined): void => {
    const cpu = reorder ? random.below(rings.length) : 0;
    for (const event of playWalk(packet, walk, id)) {
      if (aggregated && !isReported(packet, event)) continue;
      const line: TraceLine = { ...event.line, cpu };
      rings[cpu]?.push({ text: print(line), ...(of === undefined ? {} : { of: { walk: of, event } }) });
    }
  };
  drawn.forEach(({ packet, walk, id }, index) => {
    for (let count = noise ? random.below(4) : 0; count > 0; count--) {
      const other = noiseWalk(node, index * 10 + count);
      run(other.packet, other.walk, 20_000 + index * 10 + count, undefined);
      if (random.chance(0.3)) rings[random.below(rings.length)]?.push({ text: random.pick(otherLines) });
    }
    run(packet, walk, id, index);
  });
  const disturbed = loss > 0 ? rings.map((ring, cpu) => loseRuns(ring, cpu, loss, random)) : rings;
  const lines = reorder ? readRings(disturbed, random) : disturbed.flat();
  // The capture goes on behind the last packet, so that its end hides nothing.
  const after = playWalk(noiseWalk(node, 999).packet, noiseWalk(node, 999).walk, 29_999);
  const tail = (cut ? [] : after)
    .filter((event) => !aggregated || isReported(noiseWalk(node, 999).packet, event))
    .map(({ line }) => print({ ...line, cpu: 0 }));
  const kept = lines.flatMap(({ of }) => of ?? []);
  return {
    node,
    text: `${[...lines.map(({ text }) => text), ...tail].join("\n")}\n`,
    walks: drawn.map(({ packet, walk, id }, index) => ({
      packet,
      walk,
      id,
      kept: kept.filter((line) => line.walk === index).map(({ event }) => event),
    })),
  };
}
