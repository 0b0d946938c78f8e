import { endpointId, identityOf, macOf } from "./cluster.js";
import { monitorLine, type TraceLine, type Wire } from "./monitorLine.js";
import { type Random, randomFrom } from "./random.js";

/** Packets from pods of node a to pods of nodes b and c, encrypted between the nodes. */
export interface EncryptedTraffic {
  readonly seed: number;
  readonly packets: number;
  readonly encryption: "wireguard" | "ipsec";
  /** Whether the tunnel's packets are what is encrypted. */
  readonly tunnel: boolean;
  /** How many different lengths the packets have. */
  readonly lengths: number;
  /** How many packets at most the encryption, on other CPUs, lags behind. */
  readonly lag: number;
  /** How many of a hundred events are lost. */
  readonly lossPercent: number;
  /** Whether monitor aggregation is `medium`. */
  readonly aggregated: boolean;
}

/** The captures of node a, which encrypts, and of node b, which decrypts; and the truth. */
export interface PlayedEncryption {
  readonly a: string;
  readonly b: string;
  /** IP identification of the packet in each encrypted one, by that of the encrypted one. */
  readonly inside: ReadonlyMap<number, number>;
}

const ethernet = 14;

/** The length of the IP packet that carries one of `plain` bytes (WireGuard white paper 5.4.6; RFC 4106 with a 128-bit value). */
function encryptedLength(plain: number, encryption: EncryptedTraffic["encryption"]): number {
  if (encryption === "wireguard") return 20 + 8 + 32 + Math.ceil(plain / 16) * 16;
  return 20 + 8 + 8 + Math.ceil((plain + 2) / 4) * 4 + 16;
}

interface Line {
  readonly text: string;
  readonly cpu: number;
}

function line(node: string, cpu: number, trace: Omit<TraceLine, "cpu" | "macs" | "device" | "source" | "state">): Line {
  return {
    cpu,
    text: monitorLine({
      ...trace,
      cpu,
      state: "unknown",
      device: trace.point.includes("network") ? "eth0" : "0",
      source: trace.point === "from-endpoint" ? endpointId(trace.wire.src) : 0,
      macs: [macOf(node), macOf("x")],
    }),
  };
}

/** Takes runs out of the lines of each CPU and puts the monitor's word for it in their place. */
function loseSome(lines: readonly Line[], percent: number, random: Random): Line[] {
  return lines.map((each) =>
    random.below(100) < percent ? { ...each, text: `CPU ${String(each.cpu).padStart(2, "0")}: Lost 1 events` } : each,
  );
}

/** A moment at which a line is printed. */
interface Timed {
  readonly at: number;
  readonly line: Line;
}

function printed(lines: readonly Timed[], { lossPercent }: EncryptedTraffic, random: Random): string {
  const ordered = [...lines].sort((x, y) => x.at - y.at).map((each) => each.line);
  return `${loseSome(ordered, lossPercent, random)
    .map(({ text }) => text)
    .join("\n")}\n`;
}

/** Plays the traffic through both nodes. Encrypted packets to one node keep the order of what is in them (drivers/net/wireguard/queueing.c). */
export function playEncrypted(traffic: EncryptedTraffic): PlayedEncryption {
  const { seed, packets, encryption, tunnel, lengths, lag, aggregated } = traffic;
  const random = randomFrom(seed);
  const sent: Timed[] = [];
  const received: Timed[] = [];
  const inside = new Map<number, number>();
  // Since when the encryption of what goes to a node is busy.
  const busy = new Map<string, number>();
  const doors = tunnel
    ? (["to-overlay", "from-overlay"] as const)
    : encryption === "wireguard"
      ? (["to-crypto", "from-crypto"] as const)
      : (["to-stack", "from-stack"] as const);
  for (let index = 0; index < packets; index++) {
    const id = 100 + index;
    const node = random.pick(["b", "b", "c"]);
    const dst = `10.${node === "b" ? 2 : 3}.0.${9 + random.below(3)}`;
    const length = 60 + 48 * random.below(lengths);
    const wire: Wire = {
      src: `10.1.0.${5 + random.below(3)}`,
      dst,
      sport: 40_000 + index,
      dport: 80,
      protocol: "tcp",
      flags: ["SYN"],
      ttl: 64,
      id,
    };
    const outer: Wire = {
      src: "192.0.2.10",
      dst: node === "b" ? "192.0.2.20" : "192.0.2.30",
      sport: encryption === "wireguard" ? 51_871 : 0,
      dport: encryption === "wireguard" ? 51_871 : 0,
      protocol: encryption === "wireguard" ? "udp" : "esp",
      flags: [],
      ttl: 64,
      id: 30_000 + index,
    };
    inside.set(outer.id, id);
    const plain = tunnel ? 20 + 8 + 8 + ethernet + length : length;
    const bytes = ethernet + encryptedLength(plain, encryption);
    const cpu = random.below(2);
    const other = 2 + random.below(2);
    const at = index * 10;
    const leaves = Math.max(at + 3 + 10 * random.below(lag + 1), (busy.get(node) ?? 0) + 1);
    busy.set(node, leaves);
    const identities = { srcIdentity: identityOf(wire.src, "a"), dstIdentity: identityOf(dst, "a"), dstEndpoint: 0 };
    const outerIdentities = { srcIdentity: 1, dstIdentity: 6, dstEndpoint: 0 };
    // A layer-3 device, and the stack, have no Ethernet header; the tunnel's device has.
    const inner = doors[0] === "to-crypto" ? length : length + ethernet;
    if (!aggregated) {
      sent.push({
        at,
        line: line("a", cpu, { point: "from-endpoint", wire, bytes: length + ethernet, ...identities, dstIdentity: 0 }),
      });
    }
    sent.push({
      at: at + 1,
      line: line("a", cpu, { point: doors[0], wire: { ...wire, ttl: 63 }, bytes: inner, ...identities }),
    });
    if (!aggregated || random.chance(0.5)) {
      sent.push({
        at: leaves,
        line: line("a", other, { point: "to-network", wire: outer, bytes, ...outerIdentities }),
      });
    }
    if (node !== "b") continue;
    const arrives = leaves + 2;
    if (!aggregated) {
      received.push({
        at: arrives,
        line: line("b", other, { point: "from-network", wire: { ...outer, ttl: 63 }, bytes, ...outerIdentities }),
      });
      received.push({
        at: arrives + 1 + 10 * random.below(lag + 1),
        line: line("b", cpu, { point: doors[1], wire: { ...wire, ttl: 63 }, bytes: inner, ...identities }),
      });
    }
    received.push({
      at: arrives + 12 + 10 * lag,
      line: line("b", cpu, {
        point: "to-endpoint",
        wire: { ...wire, ttl: 62 },
        bytes: length + ethernet,
        ...identities,
        dstEndpoint: endpointId(dst),
      }),
    });
  }
  return { a: printed(sent, traffic, random), b: printed(received, traffic, random), inside };
}
