import type {
  LostEvent,
  MonitorEvent,
  PacketEvent,
  PacketHeaders,
  TransportHeader,
} from "../../../server/src/core/monitor/event.js";
import { type Address, parseAddress } from "../../../server/src/core/net/address.js";

/** An event of played traffic, and the number of the packet that it truly shows. */
export interface PlayedEvent {
  readonly event: PacketEvent | LostEvent;
  /** -1 for a message that events were lost. */
  readonly truth: number;
}

/** What is played. Every choice is made by `seed`. */
export interface Traffic {
  readonly seed: number;
  readonly packets: number;
  readonly cpus: number;
  readonly flows: number;
  /** Kinds of flows to choose from. */
  readonly kinds: readonly FlowKind[];
  /** Most events that are read of one CPU before the next one's turn; 0: in the order in which they happened. */
  readonly turn: number;
  /** How many of a hundred steps from one program to the next lead to another CPU. */
  readonly steeredPercent: number;
  /** How many of a thousand events are the first of a stretch that is lost. */
  readonly lossPerMille: number;
}

/**
 * `tcp4`, `icmp4`, `udp4`: with an IP identification of their own. `udp4zero`, `icmp6`: nothing but the flow tells packets apart. `tcp6`: a
 * sequence only. `synAck`: a SYN-ACK and its retransmissions, all alike.
 */
export type FlowKind = "tcp4" | "icmp4" | "udp4" | "udp4zero" | "icmp6" | "tcp6" | "synAck";

/** Numbers from 0 to below 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
}

const addresses = {
  4: {
    pod: (n: number) => address(`10.3.1.${10 + (n % 200)}`),
    world: (n: number) => address(`192.0.2.${1 + (n % 200)}`),
    node: address("198.51.100.7"),
    service: address("10.96.0.10"),
  },
  6: {
    pod: (n: number) => address(`2001:db8:1::${(10 + n).toString(16)}`),
    world: (n: number) => address(`2001:db8:2::${(10 + n).toString(16)}`),
    node: address("2001:db8:3::7"),
    service: address("2001:db8:4::a"),
  },
} as const;

/** Ends and TTL of a packet at one point of its way. */
interface Sighting {
  readonly point: string;
  readonly src: Address;
  readonly dst: Address;
  readonly sport: number;
  readonly dport: number;
  readonly ttl: number;
}

interface Flow {
  readonly kind: FlowKind;
  readonly family: 4 | 6;
  readonly way: number;
  readonly pod: Address;
  readonly peer: Address;
  readonly port: number;
}

/** The ways that packets are played on, each a row of the datapath's transition table with its translations. */
const ways: readonly ((flow: Flow) => Sighting[])[] = [
  // A pod asks the world: masqueraded by the kernel behind to-stack.
  ({ family, pod, peer, port }) => {
    const node = addresses[family].node;
    return [
      { point: "from-endpoint", src: pod, dst: peer, sport: port, dport: 443, ttl: 64 },
      { point: "to-stack", src: pod, dst: peer, sport: port, dport: 443, ttl: 64 },
      { point: "to-network", src: node, dst: peer, sport: port + 7, dport: 443, ttl: 63 },
    ];
  },
  // The answer: translated back before routing.
  ({ family, pod, peer, port }) => {
    const node = addresses[family].node;
    return [
      { point: "from-network", src: peer, dst: node, sport: 443, dport: port + 7, ttl: 58 },
      { point: "from-host", src: peer, dst: pod, sport: 443, dport: port, ttl: 57 },
      { point: "to-endpoint", src: peer, dst: pod, sport: 443, dport: port, ttl: 56 },
    ];
  },
  // A pod asks a service, with a backend on this node.
  ({ family, pod, peer, port }) => [
    { point: "from-endpoint", src: pod, dst: addresses[family].service, sport: port, dport: 53, ttl: 64 },
    { point: "to-endpoint", src: pod, dst: peer, sport: port, dport: 5353, ttl: 63 },
  ],
  // BPF host routing, out and in.
  ({ pod, peer, port }) => [
    { point: "from-endpoint", src: pod, dst: peer, sport: port, dport: 80, ttl: 64 },
    { point: "to-network", src: pod, dst: peer, sport: port, dport: 80, ttl: 63 },
  ],
  ({ pod, peer, port }) => [
    { point: "from-network", src: peer, dst: pod, sport: 80, dport: port, ttl: 60 },
    { point: "to-endpoint", src: peer, dst: pod, sport: 80, dport: port, ttl: 59 },
  ],
  // Through the tunnel.
  ({ pod, peer, port }) => [
    { point: "from-endpoint", src: pod, dst: peer, sport: port, dport: 8080, ttl: 64 },
    { point: "to-overlay", src: pod, dst: peer, sport: port, dport: 8080, ttl: 64 },
  ],
  ({ pod, peer, port }) => [
    { point: "from-overlay", src: peer, dst: pod, sport: 8080, dport: port, ttl: 64 },
    { point: "to-endpoint", src: peer, dst: pod, sport: 8080, dport: port, ttl: 63 },
  ],
  // Denied.
  ({ pod, peer, port }) => [
    { point: "from-endpoint", src: pod, dst: peer, sport: port, dport: 25, ttl: 64 },
    { point: "drop", src: pod, dst: peer, sport: port, dport: 25, ttl: 64 },
  ],
];

function transport(flow: Flow, packet: number, { sport, dport }: Sighting): TransportHeader {
  switch (flow.kind) {
    case "udp4":
    case "udp4zero":
      return { protocol: "udp", sport, dport };
    case "icmp4":
      return { protocol: "icmp", typeCode: "EchoRequest", id: flow.port, seq: packet & 0xffff };
    case "icmp6":
      return { protocol: "icmpv6", typeCode: "EchoRequest" };
    case "tcp4":
    case "tcp6":
      return { protocol: "tcp", sport, dport, seq: 1000 + packet * 1448, ack: 77, flags: ["ACK"] };
    case "synAck":
      return { protocol: "tcp", sport, dport, seq: 5000, ack: 4001, flags: ["SYN", "ACK"] };
  }
}

function headers(flow: Flow, packet: number, sighting: Sighting): PacketHeaders {
  const hasId = flow.kind === "tcp4" || flow.kind === "icmp4" || flow.kind === "udp4";
  const { src, dst, ttl } = sighting;
  return {
    ip: { src, dst, ttl, ...(flow.family === 4 ? { id: hasId ? 1 + (packet % 65535) : 0 } : {}) },
    l4: transport(flow, packet, sighting),
  };
}

function eventOf(flow: Flow, packet: number, sighting: Sighting, cpu: number): PacketEvent {
  const base = {
    place: { file: "played.log", start: 0, end: 0 },
    cpu,
    flowHash: 0,
    source: 0,
    bytes: 98,
    headers: headers(flow, packet, sighting),
    srcIdentity: 0,
    dstIdentity: 0,
    dstEndpoint: 0,
  };
  return sighting.point === "drop"
    ? { type: "drop", ...base, reason: "Policy denied" }
    : { type: "trace", ...base, observationPoint: sighting.point, state: "unknown", summary: "" };
}

function chooseFlow(random: () => number, kinds: readonly FlowKind[], many: number): Flow {
  const choice = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const kind = choice(kinds);
  const family = kind === "icmp6" || kind === "tcp6" ? 6 : 4;
  return {
    kind,
    family,
    way: Math.floor(random() * ways.length),
    pod: addresses[family].pod(Math.floor(random() * 5)),
    peer: addresses[family].world(Math.floor(random() * 5)),
    port: 40000 + Math.floor(random() * 4) + 10 * Math.floor(random() * many),
  };
}

/** What every CPU reported, in its order: a CPU handles a packet from one end of its way to the other, then the next. */
function reportsByCpu(traffic: Traffic, random: () => number): PlayedEvent[][] {
  const rings: PlayedEvent[][] = Array.from({ length: traffic.cpus }, () => []);
  const flows = Array.from({ length: traffic.flows }, () => chooseFlow(random, traffic.kinds, traffic.flows / 8));
  for (let packet = 0; packet < traffic.packets; packet++) {
    const flow = flows[Math.floor(random() * flows.length)] as Flow;
    const sightings = ways[flow.way]?.(flow) ?? [];
    let cpu = Math.floor(random() * traffic.cpus);
    for (const sighting of sightings) {
      if (random() * 100 < traffic.steeredPercent) cpu = Math.floor(random() * traffic.cpus);
      rings[cpu]?.push({ event: eventOf(flow, packet, sighting, cpu), truth: packet });
    }
  }
  return rings;
}

/** The CPUs' reports as the monitor reads them: some of one, some of the next. */
function readInTurns(rings: readonly PlayedEvent[][], turn: number, random: () => number): PlayedEvent[] {
  const read: PlayedEvent[] = [];
  const at = rings.map(() => 0);
  const order = rings
    .flatMap((ring, cpu) => ring.map(({ truth }) => ({ truth, cpu })))
    .sort((a, b) => a.truth - b.truth);
  if (turn === 0) {
    for (const { cpu } of order) {
      const next = rings[cpu]?.[at[cpu] ?? 0];
      at[cpu] = (at[cpu] ?? 0) + 1;
      if (next) read.push(next);
    }
    return read;
  }
  const total = order.length;
  for (let cpu = 0; read.length < total; cpu = (cpu + 1) % rings.length) {
    const ring = rings[cpu] ?? [];
    for (let taken = Math.floor(random() * (turn + 1)); taken > 0; taken--) {
      const next = ring[at[cpu] ?? 0];
      if (!next) break;
      at[cpu] = (at[cpu] ?? 0) + 1;
      read.push(next);
    }
  }
  return read;
}

/** Loses stretches of a CPU's events, and says so where the next one of that CPU stands. */
function loseSome(events: readonly PlayedEvent[], perMille: number, random: () => number): PlayedEvent[] {
  const left = new Map<number, number>();
  const lost = new Map<number, number>();
  const kept: PlayedEvent[] = [];
  for (const played of events) {
    const cpu = played.event.cpu ?? 0;
    if (!left.get(cpu) && random() * 1000 < perMille) left.set(cpu, 1 + Math.floor(random() * 6));
    const stretch = left.get(cpu) ?? 0;
    if (stretch > 0) {
      left.set(cpu, stretch - 1);
      lost.set(cpu, (lost.get(cpu) ?? 0) + 1);
      continue;
    }
    const count = lost.get(cpu) ?? 0;
    if (count > 0) kept.push({ event: { type: "lost", place: played.event.place, cpu, count }, truth: -1 });
    lost.set(cpu, 0);
    kept.push(played);
  }
  return kept;
}

/** Places in the file, in the order in which events stand in it. */
function place(events: readonly PlayedEvent[]): PlayedEvent[] {
  return events.map(({ event, truth }, index) => ({
    event: { ...event, place: { file: "played.log", start: index * 100, end: index * 100 + 99 } },
    truth,
  }));
}

/** Plays traffic through a node and answers what its monitor prints. */
export function playTraffic(traffic: Traffic): PlayedEvent[] {
  const random = randomNumbers(traffic.seed);
  const read = readInTurns(reportsByCpu(traffic, random), traffic.turn, random);
  return place(traffic.lossPerMille > 0 ? loseSome(read, traffic.lossPerMille, random) : read);
}

/** The same capture as monitor aggregation leaves it: no receive points, and of later packets of a flow only some (bpf/lib/trace.h). */
export function aggregate(events: readonly PlayedEvent[], seed: number): PlayedEvent[] {
  const random = randomNumbers(seed);
  return events.filter(({ event }) => {
    if (event.type !== "trace") return true;
    return !event.observationPoint.startsWith("from-") && random() < 0.6;
  });
}

/** The events alone, as a reader gives them. */
export function eventsOf(played: readonly PlayedEvent[]): MonitorEvent[] {
  return played.map(({ event }) => event);
}
