import { type Address, parseAddress } from "../net/address.js";
import { type Line, placeIn } from "./line.js";
import type { PacketSection } from "./section.js";
import { extendSection, openSection, type TranscriptState } from "./transcriptState.js";

/** net/ipv4/route.c: ip_handle_martian_source, __mkroute_input. The destination stands first. */
const martian = /\bmartian source ([\d.]{7,15}) from ([\d.]{7,15}), on dev (\S{1,15})/;

/** `12:00:00.000000 IP 10.0.0.1.4000 > 10.0.0.2.80: Flags ...`; with `-e` the protocol may be in small letters, `-i any` adds the device. */
const captured =
  /^\s*(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{6} (?:(\S{1,15})\s+(?:In|Out|B|M|P)\s+)?(?:IP|ip:?) ([\d.]{7,21}) > ([\d.]{7,21}):/;

/** The device that a command line lets tcpdump listen on. */
export function listeningDevice(command: string): string | undefined {
  const words = command.split(/\s+/);
  const at = words.findIndex((word) => /(?:^|\/)tcpdump$/.test(word));
  if (at < 0) return undefined;
  const option = words.findIndex((word, index) => index > at && (/^-[a-zA-Z]*i$/.test(word) || word === "--interface"));
  const device = option < 0 ? undefined : words[option + 1];
  return device === "any" ? undefined : device;
}

/** An address as tcpdump prints it: the port, where there is one, as a fifth part. */
function endpointAddress(text: string): Address | undefined {
  return parseAddress(text.split(".").slice(0, 4).join("."));
}

function addPacket(state: TranscriptState, packet: PacketSection["packets"][number]): void {
  if (state.open?.kind === "packets") {
    state.open.packets.push(packet);
    extendSection(state.open, packet.place.end);
    return;
  }
  openSection(state, { kind: "packets", place: packet.place, printedBy: "unknown", packets: [packet] });
}

/** Takes a line of the kernel's log that says that it refused a packet's source, or a line of tcpdump whose device is known. */
export function takePacket(state: TranscriptState, line: Line): boolean {
  const { text } = line;
  const refused = text.includes("martian source") ? martian.exec(text) : null;
  const seen = refused ? null : captured.exec(text);
  const [dev, from, to] = refused
    ? [refused[3], refused[2], refused[1]]
    : [seen?.[1] ?? state.listening, seen?.[2], seen?.[3]];
  const src = endpointAddress(from ?? "");
  const dst = endpointAddress(to ?? "");
  if (dev === undefined || !src || !dst) return false;
  const start = text.length - text.trimStart().length;
  const place = placeIn(line, start, text.trimEnd().length);
  addPacket(state, { src, dst, dev, refused: refused !== null, place });
  return true;
}
