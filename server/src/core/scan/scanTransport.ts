import { rowFlags, tcpFlagBits } from "../capture/eventColumns.js";
import { protocols } from "../capture/protocolNumber.js";
import type { ByteNames } from "./byteNames.js";
import {
  amiss,
  type ByteText,
  brace,
  type Found,
  type Literal,
  literal,
  quote,
  readDigits,
  readWord,
  skipBrackets,
  skipLiteral,
  skipPair,
  skipWord,
} from "./cursor.js";
import type { ScanNames } from "./scanNames.js";
import type { ScannedRow } from "./scannedRow.js";

/** What follows the contents in the text of each layer (gopacket, `LayerString`). */
export const payload = literal(" Payload=");
const sourcePort = literal(" SrcPort=");
const destinationPort = literal(" DstPort=");
const checksum = literal(" Checksum=");

const tcpOpening = literal('"tcp":"TCP\\t{Contents=');
const sequence = literal(" Seq=");
const acknowledgement = literal(" Ack=");
const dataOffset = literal(" DataOffset=");
/** In the order of gopacket's struct (layers/tcp.go). */
const tcpFlags = (["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS"] as const).map((name) => ({
  bit: tcpFlagBits[name],
  name: literal(` ${name}=`),
}));
const isTrue = literal("true");
const isFalse = literal("false");
const windowSize = literal(" Window=");
const urgent = literal(" Urgent=");
const options = literal(" Options=");
const padding = literal(" Padding=");
const tcpEnd = literal(' Multipath=false}"');

const udpOpening = literal('"udp":"UDP\\t{Contents=');
const length = literal(" Length=");

const icmpOpening = literal('"icmpv4":"ICMPv4\\t{Contents=');
const icmp6Opening = literal('"icmpv6":"ICMPv6\\t{Contents=');
const typeCode = literal(" TypeCode=");
const echoId = literal(" Id=");
const echoSequence = literal(" Seq=");
const typeBytes = literal(" TypeBytes=");

/** The position behind ` Name=` and a decimal number of at most `most` digits, which `found` holds. */
function readField(text: ByteText, at: number, name: Literal, most: number, found: Found): number {
  const value = skipLiteral(text, at, name);
  return value < 0 ? amiss : readDigits(text, value, most, found);
}

/** ` SrcPort=443(https)`: a port, and its name where gopacket knows one. */
function readPort(text: ByteText, at: number, name: Literal, found: Found): number {
  const end = readField(text, at, name, 5, found);
  if (end < 0 || found.value > 0xffff || text.bytes[end] !== 0x28) return found.value > 0xffff ? amiss : end;
  const named = skipWord(text, end + 1);
  return text.bytes[named] === 0x29 ? named + 1 : amiss;
}

function skipContents(text: ByteText, at: number): number {
  const contents = skipBrackets(text, at);
  const next = contents < 0 ? amiss : skipLiteral(text, contents, payload);
  return next < 0 ? amiss : skipBrackets(text, next);
}

function readPorts(text: ByteText, at: number, row: ScannedRow, found: Found): number {
  let next = readPort(text, at, sourcePort, found);
  if (next < 0) return amiss;
  row.sport = found.value;
  next = readPort(text, next, destinationPort, found);
  if (next < 0) return amiss;
  row.dport = found.value;
  row.flags |= rowFlags.hasPorts;
  return next;
}

function readTcpFlags(text: ByteText, at: number, row: ScannedRow): number {
  let set = 0;
  for (let index = 0; index < tcpFlags.length; index++) {
    const flag = tcpFlags[index];
    const value = flag ? skipLiteral(text, at, flag.name) : amiss;
    if (value < 0 || !flag) return amiss;
    at = skipLiteral(text, value, isFalse);
    if (at >= 0) continue;
    at = skipLiteral(text, value, isTrue);
    if (at < 0) return amiss;
    set |= flag.bit;
  }
  row.detail = set;
  return at;
}

function scanTcp(text: ByteText, at: number, row: ScannedRow, found: Found): number {
  let next = skipContents(text, at);
  if (next < 0) return amiss;
  next = readPorts(text, next, row, found);
  if (next < 0) return amiss;
  next = readField(text, next, sequence, 10, found);
  if (next < 0 || found.value > 0xffffffff) return amiss;
  row.seq = found.value;
  next = readField(text, next, acknowledgement, 10, found);
  if (next < 0 || found.value > 0xffffffff) return amiss;
  row.ack = found.value;
  next = readField(text, next, dataOffset, 3, found);
  if (next < 0) return amiss;
  next = readTcpFlags(text, next, row);
  if (next < 0) return amiss;
  next = readField(text, next, windowSize, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, checksum, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, urgent, 10, found);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, options);
  if (next < 0) return amiss;
  next = skipBrackets(text, next);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, padding);
  if (next < 0) return amiss;
  next = skipBrackets(text, next);
  if (next < 0) return amiss;
  row.protocol = protocols.tcp;
  row.flags |= rowFlags.hasSeq;
  const end = skipLiteral(text, next, tcpEnd);
  return end < 0 ? skipPair(text, next, brace, quote) : end;
}

function scanUdp(text: ByteText, at: number, row: ScannedRow, found: Found): number {
  let next = skipContents(text, at);
  if (next < 0) return amiss;
  next = readPorts(text, next, row, found);
  if (next < 0) return amiss;
  next = readField(text, next, length, 10, found);
  if (next < 0) return amiss;
  next = readField(text, next, checksum, 10, found);
  if (next < 0) return amiss;
  row.protocol = protocols.udp;
  return skipPair(text, next, brace, quote);
}

/** A code behind the type, as in `DestinationUnreachable(Port)`, is out of the ordinary: the word ends before it, and no field follows. */
function readTypeCode(text: ByteText, at: number, row: ScannedRow, types: ByteNames, found: Found): number {
  const next = skipContents(text, at);
  const word = next < 0 ? amiss : skipLiteral(text, next, typeCode);
  if (word < 0) return amiss;
  const end = readWord(text, word, found);
  const type = types.indexOf(text.bytes, word, end, found.hash);
  if (type < 0) return amiss;
  row.detail = type;
  return readField(text, end, checksum, 10, found);
}

function scanIcmp(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = readTypeCode(text, at, row, names.echoTypes, found);
  if (next < 0) return amiss;
  next = readField(text, next, echoId, 5, found);
  if (next < 0 || found.value > 0xffff) return amiss;
  row.sport = found.value;
  row.dport = found.value;
  next = readField(text, next, echoSequence, 5, found);
  if (next < 0) return amiss;
  row.seq = found.value;
  row.protocol = protocols.icmp;
  row.flags |= rowFlags.hasSeq;
  return skipPair(text, next, brace, quote);
}

function scanIcmp6(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = readTypeCode(text, at, row, names.texts, found);
  if (next < 0) return amiss;
  next = skipLiteral(text, next, typeBytes);
  if (next < 0) return amiss;
  next = skipBrackets(text, next);
  if (next < 0) return amiss;
  row.protocol = protocols.icmpv6;
  return skipPair(text, next, brace, quote);
}

/** Reads the transport layer that stands at `at`. Returns the position behind its string. */
export function scanTransport(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let next = skipLiteral(text, at, tcpOpening);
  if (next >= 0) return scanTcp(text, next, row, found);
  next = skipLiteral(text, at, udpOpening);
  if (next >= 0) return scanUdp(text, next, row, found);
  next = skipLiteral(text, at, icmpOpening);
  if (next >= 0) return scanIcmp(text, next, row, names, found);
  next = skipLiteral(text, at, icmp6Opening);
  return next < 0 ? amiss : scanIcmp6(text, next, row, names, found);
}
