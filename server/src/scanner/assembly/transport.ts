import { readField, skipContents, skipField } from "./fields";
import { refuseIf } from "./judgement";
import { behind, literal, skip, stands } from "./literal";
import { echoName, icmp6Name, name, readName } from "./names";
import { value } from "./numbers";
import { ack, detail, dport, protocol, put8, put16, put32, seq, sport } from "./rows";
import { skipList, skipWord } from "./runs";

/** Bits of the column `flags` that these layers set (`rowFlags`). */
const hasPorts: u32 = 2;
const hasSeq: u32 = 4;

const blank: u8 = 0x20;
const openParenthesis: u8 = 0x28;

const sourcePort = literal(" SrcPort=");
const destinationPort = literal(" DstPort=");
const closeParenthesis = literal(")");
const checksum = literal(" Checksum=");
const length = literal(" Length=");
const layerEnd = literal('}"');

const tcpOpening = literal('"tcp":"TCP\\t{');
const sequence = literal(" Seq=");
const acknowledgement = literal(" Ack=");
const dataOffset = literal(" DataOffset=");
const fin = literal(" FIN=");
const syn = literal(" SYN=");
const rst = literal(" RST=");
const psh = literal(" PSH=");
const ackFlag = literal(" ACK=");
const urg = literal(" URG=");
const ece = literal(" ECE=");
const cwr = literal(" CWR=");
const ns = literal(" NS=");
const windowSize = literal(" Window=");
const urgent = literal(" Urgent=");
const options = literal(" Options=");
const padding = literal(" Padding=");
const multipath = literal(" Multipath=false");

const udpOpening = literal('"udp":"UDP\\t{');

const icmpOpening = literal('"icmpv4":"ICMPv4');
const icmp6Opening = literal('"icmpv6":"ICMPv6');
const tab = literal("\\t{");
const typeCode = literal(" TypeCode=");
const echoId = literal(" Id=");
const echoSequence = literal(" Seq=");
const typeBytes = literal(" TypeBytes=");

/** `true` and `fals` as they stand in memory. */
const isTrue: u32 = 0x65757274;
const isFalse: u32 = 0x736c6166;
const lastOfFalse: u8 = 0x65;

/** The flags of the transport that was read last. */
export let transportFlags: u32 = 0;

/** Reads ` SrcPort=443(https)`: a port, and its name where gopacket knows one. */
function readPort(at: usize, field: usize): usize {
  at = readField(at, field, 5);
  refuseIf(value > 0xffff);
  return load<u8>(at) === openParenthesis ? skip(skipWord(at + 1), closeParenthesis) : at;
}

function readPorts(at: usize): usize {
  at = readPort(at, sourcePort);
  put16(sport, <u32>value);
  at = readPort(at, destinationPort);
  put16(dport, <u32>value);
  return at;
}

/** Bits of the TCP flags that were read of this segment. */
let tcpFlags: u32 = 0;

/** Reads ` SYN=true` or ` SYN=false`. */
function readFlag(at: usize, field: usize, bit: u32): usize {
  at = skip(at, field);
  const word = load<u32>(at);
  const isSet = word === isTrue;
  refuseIf(!isSet && (word !== isFalse || load<u8>(at, 4) !== lastOfFalse));
  tcpFlags |= isSet ? bit : 0;
  return at + 5 - <usize>isSet;
}

/** The flags in the order of gopacket's struct (layers/tcp.go), with the bits of `tcpFlagBits`. */
function readFlags(at: usize): usize {
  tcpFlags = 0;
  at = readFlag(at, fin, 4);
  at = readFlag(at, syn, 1);
  at = readFlag(at, rst, 8);
  at = readFlag(at, psh, 16);
  at = readFlag(at, ackFlag, 2);
  at = readFlag(at, urg, 32);
  at = readFlag(at, ece, 64);
  at = readFlag(at, cwr, 128);
  return readFlag(at, ns, 256);
}

function readTcp(at: usize): usize {
  at = readPorts(skipContents(at));
  at = readField(at, sequence, 10);
  refuseIf(value > u32.MAX_VALUE);
  put32(seq, <u32>value);
  at = readField(at, acknowledgement, 10);
  refuseIf(value > u32.MAX_VALUE);
  put32(ack, <u32>value);
  at = readFlags(skipField(at, dataOffset));
  put32(detail, tcpFlags);
  at = skipField(at, windowSize);
  at = skipField(at, checksum);
  at = skipField(at, urgent);
  at = skipList(skip(at, options));
  at = skipList(skip(at, padding));
  if (stands(at, multipath)) at = behind(at, multipath);
  put8(protocol, 6);
  transportFlags = hasPorts | hasSeq;
  return skip(at, layerEnd);
}

function readUdp(at: usize): usize {
  at = readPorts(skipContents(at));
  at = skipField(at, length);
  at = skipField(at, checksum);
  put32(seq, 0);
  put32(ack, 0);
  put32(detail, 0);
  put8(protocol, 17);
  transportFlags = hasPorts;
  return skip(at, layerEnd);
}

/** A code behind the type, as in `DestinationUnreachable(Port)`, is out of the ordinary. */
function readTypeCode(at: usize, kind: i32): usize {
  at = readName(kind, skip(skipContents(skip(at, tab)), typeCode), blank);
  put32(detail, name);
  put32(ack, 0);
  return skipField(at, checksum);
}

function readIcmp(at: usize): usize {
  at = readField(readTypeCode(at, echoName), echoId, 5);
  refuseIf(value > 0xffff);
  put16(sport, <u32>value);
  put16(dport, <u32>value);
  at = readField(at, echoSequence, 5);
  put32(seq, <u32>value);
  put8(protocol, 1);
  transportFlags = hasSeq;
  return skip(at, layerEnd);
}

function readIcmp6(at: usize): usize {
  at = skipList(skip(readTypeCode(at, icmp6Name), typeBytes));
  put16(sport, 0);
  put16(dport, 0);
  put32(seq, 0);
  put8(protocol, 58);
  transportFlags = 0;
  return skip(at, layerEnd);
}

/** Reads the transport layer that stands at `at`, and answers what stands behind its string. */
export function readTransport(at: usize): usize {
  if (stands(at, tcpOpening)) return readTcp(behind(at, tcpOpening));
  if (stands(at, udpOpening)) return readUdp(behind(at, udpOpening));
  if (stands(at, icmpOpening)) return readIcmp(behind(at, icmpOpening));
  refuseIf(!stands(at, icmp6Opening));
  return readIcmp6(behind(at, icmp6Opening));
}
