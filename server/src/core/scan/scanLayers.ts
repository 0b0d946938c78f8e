import { rowFlags } from "../capture/eventColumns.js";
import type { ByteNames } from "./byteNames.js";
import {
  amiss,
  type ByteText,
  brace,
  comma,
  type Found,
  type Literal,
  literal,
  quote,
  readDigits,
  readWord,
  skipBrackets,
  skipLiteral,
  skipPair,
  skipPlain,
  skipSame,
  skipWord,
} from "./cursor.js";
import type { ScanNames } from "./scanNames.js";
import type { ScannedRow } from "./scannedRow.js";
import { payload, scanTransport } from "./scanTransport.js";

const ethernetOpening = literal('{"ethernet":"Ethernet\\t{Contents=');
const sourceMac = literal(" SrcMAC=");
const destinationMac = literal(" DstMAC=");
const ethernetType = literal(" EthernetType=");
const length = literal(" Length=");

const ip4Opening = literal('"ipv4":"IPv4\\t{Contents=');
const version4 = literal(" Version=4 IHL=");
const typeOfService = literal(" TOS=");
const identification = literal(" Id=");
const ipFlags = literal(" Flags=");
const noFragment = literal(" FragOffset=0 TTL=");
const protocolName = literal(" Protocol=");
const checksum = literal(" Checksum=");
const sourceAddress = literal(" SrcIP=");
const destinationAddress = literal(" DstIP=");
const ip4Options = literal(" Options=");
const ip4Padding = literal(" Padding=");

const ip6Opening = literal('"ipv6":"IPv6\\t{Contents=');
const version6 = literal(" Version=6 TrafficClass=");
const flowLabel = literal(" FlowLabel=");
const nextHeader = literal(" NextHeader=");
const hopLimit = literal(" HopLimit=");
const ip6End = literal(' HopByHop=nil}"');

const l2Opening = literal(',"l2":{"src":"');
const l3Opening = literal(',"l3":{"src":"');
const l4Opening = literal(',"l4":{"src":"');
const endsMiddle = literal('","dst":"');

/** Where the words stand that the plain ends (`l2`, `l3`) repeat. */
interface Ends {
  srcMac: number;
  srcMacEnd: number;
  dstMac: number;
  dstMacEnd: number;
  src: number;
  srcEnd: number;
  dst: number;
  dstEnd: number;
}

const ends: Ends = { srcMac: 0, srcMacEnd: 0, dstMac: 0, dstMacEnd: 0, src: 0, srcEnd: 0, dst: 0, dstEnd: 0 };

function skipContents(text: ByteText, at: number): number {
  const contents = skipBrackets(text, at);
  const next = contents < 0 ? amiss : skipLiteral(text, contents, payload);
  return next < 0 ? amiss : skipBrackets(text, next);
}

function readField(text: ByteText, at: number, name: Literal, most: number, found: Found): number {
  const value = skipLiteral(text, at, name);
  return value < 0 ? amiss : readDigits(text, value, most, found);
}

function scanEthernet(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = skipLiteral(text, at, ethernetOpening);
  if (next < 0) return amiss;
  next = skipContents(text, next);
  if (next < 0) return amiss;
  const source = skipLiteral(text, next, sourceMac);
  if (source < 0) return amiss;
  next = readWord(text, source, found);
  if (next === source) return amiss;
  row.srcMac = names.texts.indexOf(text.bytes, source, next, found.hash);
  ends.srcMac = source;
  ends.srcMacEnd = next;
  const destination = skipLiteral(text, next, destinationMac);
  if (destination < 0) return amiss;
  next = readWord(text, destination, found);
  if (next === destination) return amiss;
  row.dstMac = names.texts.indexOf(text.bytes, destination, next, found.hash);
  ends.dstMac = destination;
  ends.dstMacEnd = next;
  next = skipLiteral(text, next, ethernetType);
  if (next < 0) return amiss;
  next = readField(text, skipWord(text, next), length, 10, found);
  return next < 0 ? amiss : skipPair(text, next, brace, quote);
}

function readAddresses(text: ByteText, at: number, row: ScannedRow, addresses: ByteNames, found: Found): number {
  const source = skipLiteral(text, at, sourceAddress);
  if (source < 0) return amiss;
  let next = readWord(text, source, found);
  row.src = addresses.indexOf(text.bytes, source, next, found.hash);
  ends.src = source;
  ends.srcEnd = next;
  const destination = skipLiteral(text, next, destinationAddress);
  if (destination < 0 || row.src < 0) return amiss;
  next = readWord(text, destination, found);
  row.dst = addresses.indexOf(text.bytes, destination, next, found.hash);
  ends.dst = destination;
  ends.dstEnd = next;
  return row.dst < 0 ? amiss : next;
}

function scanIp4(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = skipContents(text, at);
  if (next < 0) return amiss;
  next = readField(text, next, version4, 3, found);
  if (next < 0) return amiss;
  next = readField(text, next, typeOfService, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, length, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, identification, 10, found);
  if (next < 0) return amiss;
  row.ipId = found.value;
  next = skipLiteral(text, next, ipFlags);
  if (next < 0) return amiss;
  next = readField(text, skipWord(text, next), noFragment, 10, found);
  if (next < 0) return amiss;
  row.ttl = found.value;
  next = skipLiteral(text, next, protocolName);
  if (next < 0) return amiss;
  next = readField(text, skipWord(text, next), checksum, 10, found);
  if (next < 0) return amiss;
  next = readAddresses(text, next, row, names.addresses4, found);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, ip4Options);
  if (next < 0) return amiss;
  next = skipBrackets(text, next);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, ip4Padding);
  if (next < 0) return amiss;
  next = skipBrackets(text, next);
  return next < 0 ? amiss : skipPair(text, next, brace, quote);
}

function scanIp6(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = skipContents(text, at);
  if (next < 0) return amiss;
  next = readField(text, next, version6, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, flowLabel, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, length, 10, found);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, nextHeader);
  if (next < 0) return amiss;
  next = readField(text, skipWord(text, next), hopLimit, 10, found);
  if (next < 0) return amiss;
  row.ttl = found.value;
  next = readAddresses(text, next, row, names.addresses6, found);
  if (next < 0) return amiss;
  row.flags |= rowFlags.ipv6;
  return skipLiteral(text, next, ip6End);
}

/** `,"l2":{"src":"...","dst":"..."}`, which says again what the layers said. */
function skipRepeated(
  text: ByteText,
  at: number,
  opening: Literal,
  src: number,
  srcEnd: number,
  dst: number,
  dstEnd: number,
): number {
  let next = skipLiteral(text, at, opening);
  if (next < 0) return amiss;
  next = skipSame(text, next, src, srcEnd);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, endsMiddle);
  if (next < 0) return amiss;
  next = skipSame(text, next, dst, dstEnd);
  return next < 0 ? amiss : skipPair(text, next, quote, brace);
}

/** The ports again, where the transport has any. */
function skipL4(text: ByteText, at: number): number {
  let next = skipLiteral(text, at, l4Opening);
  if (next < 0) return at;
  next = skipLiteral(text, skipPlain(text, next), endsMiddle);
  return next < 0 ? amiss : skipPair(text, skipPlain(text, next), quote, brace);
}

/**
 * Reads the `summary` object of one packet without a tunnel: Ethernet, IPv4 or IPv6, and TCP, UDP or ICMP, as gopacket prints them
 * (pkg/monitor/dissect.go, Cilium 1.8 to 1.19). Returns the position behind its brace.
 */
export function scanLayers(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = scanEthernet(text, at, row, names, found);
  if (next < 0 || text.bytes[next] !== comma) return amiss;
  const ip = skipLiteral(text, next + 1, ip4Opening);
  if (ip >= 0) next = scanIp4(text, ip, row, names, found);
  else {
    const ip6 = skipLiteral(text, next + 1, ip6Opening);
    next = ip6 < 0 ? amiss : scanIp6(text, ip6, row, names, found);
  }
  if (next < 0 || text.bytes[next] !== comma) return amiss;
  next = scanTransport(text, next + 1, row, names, found);
  if (next < 0) return amiss;
  next = skipRepeated(text, next, l2Opening, ends.srcMac, ends.srcMacEnd, ends.dstMac, ends.dstMacEnd);
  if (next < 0) return amiss;
  next = skipRepeated(text, next, l3Opening, ends.src, ends.srcEnd, ends.dst, ends.dstEnd);
  if (next < 0) return amiss;
  next = skipL4(text, next);
  return next < 0 || text.bytes[next] !== brace ? amiss : next + 1;
}
