import { type Family, parseAddress } from "../net/address.js";
import type { IpCommand } from "./ipCommand.js";
import { type Line, marksLength, placeIn } from "./line.js";
import type { InterfaceAddress, Link, LinkSection } from "./section.js";
import { type Draft, extendSection, openSection, type TranscriptState, takePending } from "./transcriptState.js";
import { splitWords, type Word } from "./word.js";

type LinkDraft = Draft<Link>;

/** Operational states (RFC 2863; iproute2 ip/ipaddress.c: oper_states). */
const states = new Set(["UP", "DOWN", "UNKNOWN", "LOWERLAYERDOWN", "DORMANT", "NOTPRESENT", "TESTING"]);

/** Words behind an address that stand alone. */
const addressFlags = new Set([
  "secondary",
  "temporary",
  "dynamic",
  "noprefixroute",
  "deprecated",
  "tentative",
  "dadfailed",
  "optimistic",
  "nodad",
  "mngtmpaddr",
  "home",
  "permanent",
]);

function isLinkCommand({ object, verb }: IpCommand): boolean {
  return (object === "address" || object === "link") && verb === "show";
}

function openLinks(state: TranscriptState, place: Link["place"]): Draft<LinkSection> {
  if (state.open?.kind === "links") return state.open;
  const pending = takePending(state, isLinkCommand);
  const command = pending?.command;
  const args = command?.words.slice(command.args).map((word) => word.text) ?? [];
  const filter = [...args.filter((word) => word !== "dev"), command?.pipe]
    .filter((words) => words !== undefined)
    .join(" ");
  return openSection(state, {
    kind: "links",
    place,
    ...(pending ? { command: pending.shown } : {}),
    printedBy: command?.busybox ? "busybox" : "unknown",
    links: [],
    addressFamilies: command?.object === "address" ? (command.family ? [command.family] : [4, 6]) : [],
    ...(filter === "" ? {} : { filter }),
    cut: false,
  });
}

/** Adds a device to the section of devices. `listed` tells that its addresses were listed too, even if it has none. */
export function addLink(state: TranscriptState, link: Link, listed: boolean): void {
  const section = openLinks(state, link.place);
  section.links.push({ ...link });
  const families: Family[] = listed && section.command ? [] : link.addresses.map(({ address }) => address.family);
  noteFamilies(section, families);
  extendSection(section, link.place.end);
}

/** Without the command, the addresses that are seen tell which families were listed. */
function noteFamilies(section: Draft<LinkSection>, families: readonly Family[]): void {
  for (const family of families) if (!section.addressFamilies.includes(family)) section.addressFamilies.push(family);
}

function wordBehind(words: readonly Word[], keyword: string): string | undefined {
  const at = words.findIndex((word) => word.text === keyword);
  return at < 0 ? undefined : words[at + 1]?.text;
}

/** `eth0@if5` is the device `eth0` with its peer `if5`. */
function splitName(word: string): Pick<Link, "name" | "peer"> {
  const at = word.indexOf("@");
  return at <= 0 ? { name: word } : { name: word.slice(0, at), peer: word.slice(at + 1) };
}

function flagsOf(word: string): string[] {
  return word.slice(1, -1).split(",").filter(Boolean);
}

/** Reads the words behind the flags, and the link layer where `ip -o` has it in the same line. */
function linkOf(
  line: Line,
  words: readonly Word[],
  head: Pick<Link, "name" | "peer">,
  index: number,
  flags: Word,
): LinkDraft {
  const mtu = Number(wordBehind(words, "mtu"));
  const state = wordBehind(words, "state");
  const master = wordBehind(words, "master");
  const group = wordBehind(words, "group");
  const layer = words.findIndex((word) => word.text.startsWith("link/"));
  const linkLayer = layer < 0 ? undefined : words[layer + 1]?.text;
  return {
    ...head,
    index,
    flags: flagsOf(flags.text),
    ...(Number.isNaN(mtu) ? {} : { mtu }),
    ...(state === undefined ? {} : { state }),
    ...(master === undefined ? {} : { master }),
    ...(group === undefined ? {} : { group }),
    ...(linkLayer === undefined ? {} : { linkLayer }),
    addresses: [],
    place: placeIn(line, words[0]?.start ?? 0, words.at(-1)?.end ?? 0),
  };
}

/** Reads `inet ADDRESS[ peer ADDRESS]/LENGTH ...` from the word `inet` or `inet6` on. */
function addressAt(line: Line, words: readonly Word[], at: number): InterfaceAddress | undefined {
  const own = words[at + 1]?.text ?? "";
  const peerWord = words[at + 2]?.text === "peer" ? (words[at + 3]?.text ?? "") : undefined;
  const [text = "", length] = (peerWord ?? own).split("/");
  const address = parseAddress(own.split("/", 1)[0] ?? "");
  if (!address) return undefined;
  const peer = peerWord === undefined ? undefined : parseAddress(text);
  const scope = wordBehind(words.slice(at), "scope");
  return {
    address,
    prefixLength: length === undefined ? (address.family === 4 ? 32 : 128) : Number(length),
    ...(peer ? { peer } : {}),
    ...(scope === undefined ? {} : { scope }),
    flags: words.slice(at + 2).flatMap(({ text: word }) => (addressFlags.has(word) ? [word] : [])),
    place: placeIn(line, words[at]?.start ?? 0, words.at(-1)?.end ?? 0),
  };
}

function lastLink(state: TranscriptState): LinkDraft | undefined {
  const link = state.open?.kind === "links" ? state.open.links.at(-1) : undefined;
  return link as LinkDraft | undefined;
}

function addAddress(state: TranscriptState, link: LinkDraft, address: InterfaceAddress): void {
  link.addresses.push(address);
  link.place = { ...link.place, end: Math.max(link.place.end, address.place.end) };
  if (state.open?.kind !== "links") return;
  noteFamilies(state.open, [address.address.family]);
  extendSection(state.open, address.place.end);
}

/** `2: eth0    inet 10.0.0.1/24 ...` of `ip -o addr`: one line for each address. */
function takeOneLineAddress(state: TranscriptState, line: Line, words: readonly Word[], index: number): boolean {
  const family = words[2]?.text;
  if (family !== "inet" && family !== "inet6") return false;
  const address = addressAt(line, words, 2);
  if (!address) return false;
  const name = words[1]?.text ?? "";
  const last = lastLink(state);
  if (last?.name !== name) {
    const place = placeIn(line, words[0]?.start ?? 0, words[1]?.end ?? 0);
    addLink(state, { name, index, flags: [], addresses: [], place }, false);
  }
  const link = lastLink(state);
  if (link) addAddress(state, link, address);
  return true;
}

/** `eth0@if5 UP 10.0.0.1/24 fe80::1/64` of `ip -br addr`, or with the link layer and flags of `ip -br link`. */
function takeBriefLink(state: TranscriptState, line: Line, words: readonly Word[]): boolean {
  const [name, operational, ...rest] = words;
  if (!name || !operational || !states.has(operational.text) || /[:/]$/.test(name.text)) return false;
  const addresses = rest.flatMap((word) => addressAt(line, [word, word], 0) ?? []);
  const flags = rest.find((word) => /^<.*>$/.test(word.text));
  const layer = rest.find((word) => /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word.text));
  const expected = state.open?.kind === "links" || state.pending.some(({ command }) => isLinkCommand(command));
  if (!expected && addresses.length === 0 && !flags) return false;
  const link: Link = {
    ...splitName(name.text),
    flags: flags ? flagsOf(flags.text) : [],
    state: operational.text,
    ...(layer ? { linkLayer: layer.text } : {}),
    addresses,
    place: placeIn(line, name.start, words.at(-1)?.end ?? operational.end),
  };
  addLink(state, link, !flags);
  return true;
}

/** Takes a line of `ip addr` or `ip link`, in its full, one-line or brief form. */
export function takeLink(state: TranscriptState, line: Line): boolean {
  const from = marksLength(line.text);
  const first = line.text.charCodeAt(from);
  const digit = first >= 48 && first <= 57;
  const within = state.open?.kind === "links" && /^(?:inet|link\/|vrf )/.test(line.text.slice(from, from + 5));
  if (!digit && !within && !/\s(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT|NOTPRESENT|TESTING)(?:\s|$)/.test(line.text))
    return false;
  const words = splitWords(line.text, from);
  const head = words[0]?.text ?? "";
  if (/^\d+:$/.test(head)) {
    const index = Number(head.slice(0, -1));
    const name = words[1]?.text ?? "";
    const flags = words[2];
    if (name.endsWith(":") && flags && /^<.*>$/.test(flags.text)) {
      addLink(state, linkOf(line, words, splitName(name.slice(0, -1)), index, flags), false);
      return true;
    }
    return takeOneLineAddress(state, line, words, index);
  }
  const link = lastLink(state);
  if (link && (head === "inet" || head === "inet6")) {
    const address = addressAt(line, words, 0);
    if (address) addAddress(state, link, address);
    return address !== undefined;
  }
  if (link && head.startsWith("link/")) {
    const layer = words[1]?.text;
    if (layer !== undefined) link.linkLayer = layer;
    return true;
  }
  if (link && head === "vrf" && words[1]?.text === "table") {
    const table = words[2]?.text ?? "";
    if (/^\d{1,10}$/.test(table)) link.vrfTable = Number(table);
    return true;
  }
  return takeBriefLink(state, line, words);
}
