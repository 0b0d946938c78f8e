/** Bytes of packets as they are on the wire, and their lines as `cilium monitor -v --hex` prints them. */

function word(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

function long(value: number): number[] {
  return [...word(value >>> 16), ...word(value & 0xffff)];
}

function address4(text: string): number[] {
  return text.split(".").map(Number);
}

function address6(text: string): number[] {
  const [head = "", tail = ""] = text.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":").map((each) => Number.parseInt(each, 16)));
  const [left, right] = [words(head), words(tail)];
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right].flatMap(word);
}

const protocols = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** An IP packet (RFC 791, RFC 8200). */
export function ipBytes(
  src: string,
  dst: string,
  protocol: keyof typeof protocols,
  payload: readonly number[],
  { id = 0, ttl = 64 }: { readonly id?: number; readonly ttl?: number } = {},
): number[] {
  const number = protocols[protocol];
  if (src.includes(":")) {
    return [0x60, 0, 0, 0, ...word(payload.length), number, ttl, ...address6(src), ...address6(dst), ...payload];
  }
  const length = 20 + payload.length;
  return [
    0x45,
    0,
    ...word(length),
    ...word(id),
    0,
    0,
    ttl,
    number,
    0,
    0,
    ...address4(src),
    ...address4(dst),
    ...payload,
  ];
}

export function udpBytes(sport: number, dport: number, length = 40): number[] {
  return [...word(sport), ...word(dport), ...word(length), 0, 0, ...new Array<number>(length - 8).fill(0)];
}

/** A TCP header; with `cut`, only the eight bytes of it that an ICMP error must carry. */
export function tcpBytes(sport: number, dport: number, seq: number, flags: number, cut = false): number[] {
  const bytes = [...word(sport), ...word(dport), ...long(seq), 0, 0, 0, 0, 0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0];
  return cut ? bytes.slice(0, 8) : bytes;
}

/** An ICMP error about a packet (RFC 792, RFC 4443); `rest` is the word behind the checksum. */
export function errorBytes(type: number, code: number, rest: number, about: readonly number[]): number[] {
  return [type, code, 0, 0, ...long(rest), ...about];
}

/** An ARP message (RFC 826). */
export function arpBytes(operation: "request" | "reply", sender: string, target: string): number[] {
  const code = operation === "request" ? 1 : 2;
  return [0, 1, 8, 0, 6, 4, 0, code, 2, 0, 0, 0, 0, 1, ...address4(sender), 0, 0, 0, 0, 0, 0, ...address4(target)];
}

function frameBytes(payload: readonly number[], type: number): number[] {
  return [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, ...word(type), ...payload];
}

/** What an event says beside its packet. */
export interface HexEvent {
  readonly point: string;
  readonly cpu?: number;
  readonly source?: number;
  readonly identities?: string;
  readonly device?: string;
}

/** An event with the bytes of its packet, as `-v --hex` prints it (pkg/monitor/dissect.go, encoding/hex.Dump). */
export function hexLines(event: HexEvent, packet: readonly number[], type = 0x0800): string {
  const bytes = frameBytes(packet, type);
  const { point, cpu = 0, source = 0, identities = "0->0", device } = event;
  const interfaceWords = device === undefined ? "" : `, interface ${device}`;
  const head = `CPU ${String(cpu).padStart(2, "0")}: MARK 0x0 FROM ${source} ${point}: ${bytes.length} bytes (${bytes.length} captured), state unknown${interfaceWords}, , identity ${identities}, orig-ip 0.0.0.0`;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16).map((byte) => byte.toString(16).padStart(2, "0"));
    const digits = `${row.slice(0, 8).join(" ")}${row.length > 8 ? `  ${row.slice(8).join(" ")}` : ""}`;
    lines.push(`${at.toString(16).padStart(8, "0")}  ${digits.padEnd(48)}  |${".".repeat(row.length)}|`);
  }
  return [head, ...lines, "-".repeat(78)].join("\n");
}
