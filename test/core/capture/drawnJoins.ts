import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { joinPackets } from "../../../server/src/core/capture/joinPackets.js";
import { linkPackets } from "../../../server/src/core/capture/linking/linkPackets.js";
import { relatePackets } from "../../../server/src/core/capture/linking/relatePackets.js";
import type { JoinedEvent, Packet, PacketReference } from "../../../server/src/core/capture/packet.js";
import type { LostEvent, PacketEvent, PacketHeaders, TransportHeader } from "../../../server/src/core/monitor/event.js";
import { type Address, parseAddress } from "../../../server/src/core/net/address.js";
import { mayFollowPoints } from "../../../server/src/core/path/mayFollowPoints.js";

/** A case of test/fixtures/capture/join.txt: see the README there. */
export interface DrawnJoin {
  readonly title: string;
  /** Events by file, in order; each with the number of its line in the case. */
  readonly files: ReadonlyMap<string, readonly (PacketEvent | LostEvent)[]>;
  readonly expected: string;
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
}

function transportOf(options: ReadonlyMap<string, string>): TransportHeader | undefined {
  const tcp = /^(\d+)>(\d+)(?:\/(\d+)\/(\d+))?\/([A-Z+]+)$/.exec(options.get("tcp") ?? "");
  if (tcp) {
    const [, sport, dport, seq, ack, flags = ""] = tcp;
    const numbers = seq === undefined ? {} : { seq: Number(seq), ack: Number(ack) };
    return { protocol: "tcp", sport: Number(sport), dport: Number(dport), ...numbers, flags: flags.split("+") };
  }
  const udp = options.get("udp")?.split(">");
  if (udp) return { protocol: "udp", sport: Number(udp[0]), dport: Number(udp[1]) };
  for (const typeCode of ["EchoRequest", "EchoReply"]) {
    const numbers = options.get(typeCode)?.split("/");
    if (numbers) return { protocol: "icmp", typeCode, id: Number(numbers[0]), seq: Number(numbers[1]) };
    if (options.has(`${typeCode}6`)) return { protocol: "icmpv6", typeCode };
  }
  return undefined;
}

function headersOf(
  [src = "", dst = ""]: readonly string[],
  options: ReadonlyMap<string, string>,
  l4: TransportHeader | undefined,
): PacketHeaders {
  const arp = options.get("arp");
  if (arp === "request" || arp === "reply") {
    return { arp: { operation: arp, sender: address(src), target: address(dst) } };
  }
  const frame = options.get("frame");
  if (frame !== undefined) return { ethernet: { src, dst, type: frame } };
  const numberOf = (name: string): number => Number(options.get(name) ?? 0);
  const ttl = options.get("ttl");
  const protocol = options.get("proto");
  return {
    ip: {
      src: address(src),
      dst: address(dst),
      id: numberOf("id"),
      ...(ttl === undefined ? {} : { ttl: Number(ttl) }),
      ...(protocol === undefined ? {} : { protocol }),
      ...(options.has("len") ? { length: numberOf("len") } : {}),
      ...(options.has("label") ? { flowLabel: numberOf("label") } : {}),
      ...(options.has("offset") ? { fragmentOffset: numberOf("offset"), protocol: "UDP" } : {}),
    },
    ...(l4 ? { l4 } : {}),
  };
}

function drawnEvent(line: string, file: string, number: number): PacketEvent | LostEvent {
  const [cpuWord = "", point = "", ends = "", ...words] = line.split(/\s+/);
  const place = { file, start: number * 10, end: number * 10 + 9 };
  const cpu = cpuWord === "-" ? {} : { cpu: Number(cpuWord) };
  if (point === "lost") return { type: "lost", place, ...cpu, count: Number(ends) };
  const options = new Map(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
  const numberOf = (name: string): number => Number(options.get(name) ?? 0);
  const orig = options.get("orig");
  const state = options.get("state");
  const trace = options.get("trace");
  const hubble = options.get("hubble");
  const l4 = transportOf(options);
  const base = {
    place,
    ...cpu,
    flowHash: numberOf("hash"),
    source: numberOf("ep"),
    bytes: numberOf("bytes"),
    headers: headersOf(ends.split(">"), options, l4),
    srcIdentity: numberOf("identity"),
    dstIdentity: numberOf("toIdentity"),
    dstEndpoint: numberOf("to"),
    ...(trace === undefined ? {} : { ipTraceId: BigInt(trace) }),
    ...(hubble === undefined ? {} : { hubble: { isReply: hubble === "reply" } }),
  };
  if (point === "drop") return { type: "drop", ...base, reason: state ?? "Policy denied" };
  return {
    type: "trace",
    ...base,
    observationPoint: point,
    state: state ?? "unknown",
    ...(orig === undefined ? {} : { origIp: address(orig) }),
    summary: "",
  };
}

/** Reads the cases. */
export function drawnJoins(): DrawnJoin[] {
  const text = readFileSync(resolve("test/fixtures/capture/join.txt"), "utf8");
  return text
    .split(/^# /m)
    .slice(1)
    .map((section) => {
      const [title = "", ...lines] = section.split("\n");
      const files = new Map<string, (PacketEvent | LostEvent)[]>();
      const expected: string[] = [];
      let file = "a.log";
      let number = 0;
      for (const line of lines.map((each) => each.trim()).filter(Boolean)) {
        if (line.startsWith("@ ")) file = line.slice(2);
        else if (line.startsWith("=> ")) expected.push(line.slice(3));
        else {
          const events = files.get(file) ?? [];
          files.set(file, events);
          events.push(drawnEvent(line, file, ++number));
        }
      }
      return { title, files, expected: expected.join("\n") };
    });
}

/** How unsure a reference is: ` (of 3)`, ` (unsure)`. */
function doubt({ among, isUnsure }: PacketReference): string {
  const words = [...(among === undefined ? [] : [`of ${among}`]), ...(isUnsure ? ["unsure"] : [])];
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}

function eventWords({ event, join, mayBeRepeat }: JoinedEvent): string {
  const point = event.type === "trace" ? event.observationPoint : event.type;
  return `${event.place.start / 10} ${point}${join === "first" ? "" : ` ${join}`}${mayBeRepeat ? " repeat?" : ""}`;
}

/** Joins the events of a capture and relates its packets. */
function packetsOf(events: readonly (PacketEvent | LostEvent)[]): Packet[] {
  return relatePackets(joinPackets(events, mayFollowPoints), {
    isWhole: events.some((event) => event.type === "trace" && event.observationPoint.startsWith("from-")),
    losses: events.filter((event) => event.type === "lost"),
    isPart: false,
  });
}

/** Joins and links the captures of a case, and says the result in the words of its expectation. */
export function joinDrawn({ files }: DrawnJoin): string {
  const packets = linkPackets([...files.values()].flatMap(packetsOf));
  const letter = (file: string, number: number) =>
    String.fromCharCode(65 + packets.findIndex((packet) => packet.file === file && packet.number === number));
  const reference = (word: string, to: PacketReference | undefined) =>
    to === undefined ? [] : [`${word} ${letter(to.file, to.number)}${doubt(to)} by ${to.by}`];
  const line = (packet: Packet): string => {
    const { file, number, direction, directionKnown, conversation, events } = packet;
    const walk = events.map((joined) => {
      const { alternative } = joined;
      return `${eventWords(joined)}${alternative === undefined ? "" : ` or ${letter(file, alternative)}`}`;
    });
    const known = direction === "unknown" ? direction : `${direction} ${directionKnown}`;
    return [
      `${letter(file, number)} ${known}, conversation ${conversation}: ${walk.join(", ")}`,
      ...reference("continues", packet.continues),
      ...reference("continued by", packet.continuedBy),
      ...reference("carried by", packet.carriedBy),
      ...reference("carries", packet.carries),
      ...reference("caused by", packet.causedBy),
      ...reference("perhaps goes on as", packet.mayGoOnAs),
    ].join("; ");
  };
  return packets.map(line).join("\n");
}
