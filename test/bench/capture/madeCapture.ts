import { dropLine, icmpLayer, type MadePacket, type MadePoint, tcpLayer, traceLine, udpLayer } from "./madeLine.js";
import { nodeAddress, peerAddress, peers, peersAstray, podAddress, pods } from "./madeNode.js";

/** What a made capture should hold besides its packets; shares are of 1. */
export interface CaptureRecipe {
  readonly seed: number;
  /** Share of the exchanges that go to peers whose answers are sent astray. */
  readonly astray: number;
  /** Share of the exchanges that a policy drops. */
  readonly dropped: number;
  /** Share of the lines that are text, debug or capture messages. */
  readonly others: number;
  /** Whether the monitor says that it lost events now and then. */
  readonly losses: boolean;
}

export const usualRecipe: CaptureRecipe = { seed: 1, astray: 0.03, dropped: 0.02, others: 0.02, losses: false };

/** How many packets are on their way at the same time. */
const inFlight = 6;

/** Numbers from 0 to 2^32, the same ones for the same seed (Marsaglia's xorshift). */
function randomNumbers(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

type Random = () => number;

const routerMac = "02:42:c0:00:02:01";
const nodeMac = "02:42:c0:00:02:0b";

function podMac(pod: number): string {
  return `0a:58:0a:f4:01:${(pod + 10).toString(16).padStart(2, "0")}`;
}

function pointFor(random: Random, pod: number): MadePoint {
  return {
    cpu: random() & 7,
    flowHash: 0,
    device: "0",
    state: "unknown",
    point: "",
    summary: "",
    source: 0,
    srcIdentity: 0,
    dstIdentity: 0,
    dstEndpoint: 0,
    srcMac: podMac(pod),
    dstMac: "0e:00:0a:f4:01:01",
  };
}

const endpointOf = (pod: number): number => 1000 + pod;
const identityOf = (pod: number): number => 50_000 + (pod % 60);
const hostEndpoint = 125;

/** A packet from a pod out of the node: masqueraded between to-stack and to-network. */
function outgoing(random: Random, pod: number, packet: MadePacket): string[] {
  const at = pointFor(random, pod);
  const sent = { ...at, point: "from-endpoint", summary: `\\u003c- endpoint ${endpointOf(pod)}` };
  const source = endpointOf(pod);
  const srcIdentity = identityOf(pod);
  return [
    traceLine({ ...sent, source, srcIdentity }, packet),
    traceLine(
      { ...at, point: "to-stack", summary: "-\\u003e stack", state: "new", source, srcIdentity, dstIdentity: 2 },
      { ...packet, ttl: packet.ttl - 1 },
    ),
    traceLine(
      {
        ...at,
        point: "to-network",
        summary: "-\\u003e network",
        source: hostEndpoint,
        srcMac: nodeMac,
        dstMac: routerMac,
      },
      { ...packet, src: nodeAddress, ttl: packet.ttl - 2 },
    ),
  ];
}

/** The answer to it: back to the pod, or out again by eth0. */
function incoming(random: Random, pod: number, packet: MadePacket, astray: boolean): string[] {
  const flowHash = random();
  const at = { ...pointFor(random, pod), flowHash, device: "eth0", source: hostEndpoint };
  const arrives = { ...at, point: "from-network", summary: "\\u003c- network", srcMac: routerMac, dstMac: nodeMac };
  const first = traceLine(arrives, { ...packet, dst: nodeAddress });
  const forwarded = { ...packet, ttl: packet.ttl - 1 };
  if (astray) {
    const leaves = { ...at, point: "to-network", summary: "-\\u003e network", srcMac: nodeMac, dstMac: routerMac };
    return [first, traceLine(leaves, forwarded)];
  }
  const host = { ...at, point: "from-host", summary: "\\u003c- host", srcIdentity: 2 };
  const lands: MadePoint = {
    ...at,
    point: "to-endpoint",
    summary: `-\\u003e endpoint ${endpointOf(pod)}`,
    state: "reply",
    device: `lxc${(0xa0000 + pod).toString(16)}`,
    source: endpointOf(pod),
    srcIdentity: 2,
    dstIdentity: identityOf(pod),
    dstEndpoint: endpointOf(pod),
  };
  return [first, traceLine(host, forwarded), traceLine(lands, { ...forwarded, ttl: forwarded.ttl - 1 })];
}

function pingExchange(random: Random, pod: number, peer: number): string[][] {
  const id = random() & 65535;
  return Array.from({ length: 1 + (random() % 3) }, (_, index) => {
    const base = { protocol: "ICMPv4", payload: 64, ports: "" } as const;
    const [from, to] = [podAddress(pod), peerAddress(peer)];
    const request = {
      ...base,
      src: from,
      dst: to,
      ttl: 64,
      ipId: random() & 65535,
      layer: icmpLayer("EchoRequest", id, index + 1),
    };
    const reply = {
      ...base,
      src: to,
      dst: from,
      ttl: 62,
      ipId: random() & 65535,
      layer: icmpLayer("EchoReply", id, index + 1),
    };
    return [...outgoing(random, pod, request), ...incoming(random, pod, reply, peer < peersAstray)];
  });
}

function tcpExchange(random: Random, pod: number, peer: number): string[][] {
  const sport = 32768 + (random() % 28000);
  const [from, to] = [podAddress(pod), peerAddress(peer)];
  const astray = peer < peersAstray;
  let seq = random();
  let ack = random();
  const send = (flags: readonly string[], payload: number): string[] => {
    const layer = tcpLayer(`${sport}`, "443(https)", seq, flags.includes("ACK") ? ack : 0, flags);
    const ports = `{"src":"${sport}","dst":"443"}`;
    return outgoing(random, pod, {
      protocol: "TCP",
      src: from,
      dst: to,
      ttl: 64,
      ipId: random() & 65535,
      layer,
      ports,
      payload: 32 + payload,
    });
  };
  const answer = (flags: readonly string[], payload: number): string[] => {
    const layer = tcpLayer("443(https)", `${sport}`, ack, seq, flags);
    const ports = `{"src":"443","dst":"${sport}"}`;
    return incoming(
      random,
      pod,
      { protocol: "TCP", src: to, dst: from, ttl: 57, ipId: random() & 65535, layer, ports, payload: 32 + payload },
      astray,
    );
  };
  const packets = [send(["SYN"], 8)];
  seq = (seq + 1) >>> 0;
  packets.push(answer(["SYN", "ACK"], 8));
  if (astray) return packets;
  ack = (ack + 1) >>> 0;
  packets.push(send(["ACK"], 0));
  for (let round = random() % 4; round >= 0; round--) {
    packets.push(send(["PSH", "ACK"], 200));
    seq = (seq + 200) >>> 0;
    packets.push(answer(["PSH", "ACK"], 900));
    ack = (ack + 900) >>> 0;
  }
  return packets;
}

/** Two pods of the node: one program hands the packet to the other. */
function localExchange(random: Random, pod: number): string[][] {
  const other = (pod + 1 + (random() % (pods - 1))) % pods;
  const sport = 32768 + (random() % 28000);
  const packetOf = (from: number, to: number, a: number, b: number): string[] => {
    const at = pointFor(random, from);
    const packet: MadePacket = {
      protocol: "UDP",
      src: podAddress(from),
      dst: podAddress(to),
      ttl: 64,
      ipId: random() & 65535,
      layer: udpLayer(a, b),
      ports: `{"src":"${a}","dst":"${b}"}`,
      payload: 48,
    };
    const [source, dstEndpoint] = [endpointOf(from), endpointOf(to)];
    const [srcIdentity, dstIdentity] = [identityOf(from), identityOf(to)];
    const sent = { ...at, point: "from-endpoint", summary: `\\u003c- endpoint ${source}`, source, srcIdentity };
    const lands = {
      ...at,
      point: "to-endpoint",
      summary: `-\\u003e endpoint ${dstEndpoint}`,
      state: a === 53 ? "reply" : "new",
      source: dstEndpoint,
      device: `lxc${(0xa0000 + to).toString(16)}`,
    };
    return [
      traceLine(sent, packet),
      traceLine({ ...lands, srcIdentity, dstIdentity, dstEndpoint }, { ...packet, ttl: 63 }),
    ];
  };
  return [packetOf(pod, other, sport, 53), packetOf(other, pod, 53, sport)];
}

function droppedExchange(random: Random, pod: number, peer: number): string[][] {
  const sport = 32768 + (random() % 28000);
  const at = { ...pointFor(random, pod), source: endpointOf(pod), srcIdentity: identityOf(pod) };
  const layer = tcpLayer(`${sport}`, "6379(redis)", random(), 0, ["SYN"]);
  const ports = `{"src":"${sport}","dst":"6379"}`;
  const packet: MadePacket = {
    protocol: "TCP",
    src: podAddress(pod),
    dst: peerAddress(peer),
    ttl: 64,
    ipId: random() & 65535,
    layer,
    ports,
    payload: 40,
  };
  const sent = { ...at, point: "from-endpoint", summary: `\\u003c- endpoint ${endpointOf(pod)}` };
  return [
    [
      traceLine(sent, packet),
      dropLine({ ...at, dstIdentity: 2 }, packet, random() & 1 ? "Policy denied" : "CT: Map insertion failed"),
    ],
  ];
}

function exchange(random: Random, { astray, dropped }: CaptureRecipe): string[][] {
  const share = random() / 2 ** 32;
  const pod = random() % pods;
  const sound = peersAstray + (random() % (peers - peersAstray));
  if (share < astray) {
    const peer = random() % peersAstray;
    return random() & 1 ? pingExchange(random, pod, peer) : tcpExchange(random, pod, peer);
  }
  if (share < astray + dropped) return droppedExchange(random, pod, sound);
  if (share < 0.25) return pingExchange(random, pod, sound);
  if (share < 0.5) return localExchange(random, pod);
  return tcpExchange(random, pod, sound);
}

function otherLine(random: Random, losses: boolean): string {
  const pod = random() % pods;
  switch (random() % (losses ? 40 : 39)) {
    case 0:
      return `level=info msg="Initializing dissection cache..." subsys=monitor`;
    case 1:
      return `{"cpu":"CPU 0${random() & 7}:","type":"agent","subtype":"Endpoint regenerated","message":{"id":${endpointOf(pod)},"labels":["k8s:app=web"],"error":""}}`;
    case 2:
      return `-> stack flow 0x${random().toString(16)} , identity ${identityOf(pod)}->world state new ifindex 0 orig-ip 0.0.0.0: ${podAddress(pod)}:${32768 + (random() & 8191)} -> ${peerAddress(500)}:443 tcp SYN`;
    case 3:
      return `xx drop (Policy denied) flow 0x${random().toString(16)} to endpoint ${endpointOf(pod)}, ifindex 7, file bpf_lxc.c:1328, , identity world->${identityOf(pod)}: ${peerAddress(700)}:5000 -> ${podAddress(pod)}:80 tcp SYN`;
    case 39:
      return `CPU 0${random() & 7}: Lost ${1 + (random() & 63)} events`;
    default:
      return `{"cpu":"CPU 0${random() & 7}:","type":"capture","mark":"0x0","message":"Delivery to ifindex 0","prefix":"-\\u003e 0","source":${endpointOf(pod)},"bytes":98,"summary":"${podAddress(pod)} -\\u003e ${peerAddress(300)} EchoRequest"}`;
  }
}

/** The lines of a made capture, without end, the same ones for the same recipe. The packets of an exchange stand in their order. */
export function* madeLines(recipe: CaptureRecipe): Generator<string> {
  const random = randomNumbers(recipe.seed);
  const others = recipe.others * 2 ** 32;
  const open: { packets: string[][]; lines: string[]; at: number }[] = [];
  for (;;) {
    while (open.length < inFlight) {
      const [lines = [], ...packets] = exchange(random, recipe);
      open.push({ packets, lines, at: 0 });
    }
    const slot = random() % open.length;
    const walk = open[slot];
    const line = walk?.lines[walk.at];
    if (!walk || line === undefined) {
      const next = walk?.packets.shift();
      if (walk && next) Object.assign(walk, { lines: next, at: 0 });
      else open.splice(slot, 1);
      continue;
    }
    walk.at++;
    yield line;
    if (random() < others) yield otherLine(random, recipe.losses);
  }
}
