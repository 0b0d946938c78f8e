import { readField, skipContents, skipField } from "./fields";
import { refuseIf } from "./judgement";
import { behind, literal, skip, skipLong, stands } from "./literal";
import { address4Name, address6Name, macName, name, readName, skipSame } from "./names";
import { skipDigits, value } from "./numbers";
import { dst, dstMac, flags, ipId, put8, put16, put32, src, srcMac, ttl } from "./rows";
import { skipList, skipString, skipWord } from "./runs";
import { readTransport, transportFlags } from "./transport";

/** The bit of the column `flags` that tells IPv6 (`rowFlags`). */
const ipv6: u32 = 1;

const blank: u8 = 0x20;

const ethernetOpening = literal('{"ethernet":"Ethernet\\t{');
const sourceMac = literal(" SrcMAC=");
const destinationMac = literal(" DstMAC=");
const ethernetType = literal(" EthernetType=");
const length = literal(" Length=");
const layerEnd = literal('}",');

const ip4Opening = literal('"ipv4":"IPv4\\t{');
const version4 = literal(" Version=4 IHL=");
const typeOfService = literal(" TOS=");
const identification = literal(" Id=");
const ipFlags = literal(" Flags=");
const noFragment = literal(" FragOffset=0");
const timeToLive = literal(" TTL=");
const protocolName = literal(" Protocol=");
const checksum = literal(" Checksum=");
const sourceAddress = literal(" SrcIP=");
const destinationAddress = literal(" DstIP=");
const ip4Options = literal(" Options=");
const ip4Padding = literal(" Padding=");

const ip6Opening = literal('"ipv6":"IPv6\\t{');
const version6 = literal(" Version=6 TrafficClass=");
const flowLabel = literal(" FlowLabel=");
const nextHeader = literal(" NextHeader=");
const hopLimit = literal(" HopLimit=");
const ip6End = literal(" HopByHop=nil");

const l2Opening = literal(',"l2":{"src":"');
const l3Opening = literal(',"l3":{"src":"');
const l4Opening = literal(',"l4":{"src":"');
const endsMiddle = literal('","dst":"');
const endsEnd = literal('"}');
const summaryEnd = literal("}");

/** Where the words stand that the plain ends (`l2`, `l3`) repeat. */
let srcMacStart: usize = 0;
let srcMacEnd: usize = 0;
let dstMacStart: usize = 0;
let dstMacEnd: usize = 0;
let srcStart: usize = 0;
let srcEnd: usize = 0;
let dstStart: usize = 0;
let dstEnd: usize = 0;

function readEthernet(at: usize): usize {
  srcMacStart = skip(skipContents(skipLong(at, ethernetOpening)), sourceMac);
  srcMacEnd = readName(macName, srcMacStart, blank);
  put32(srcMac, name);
  dstMacStart = skip(srcMacEnd, destinationMac);
  dstMacEnd = readName(macName, dstMacStart, blank);
  put32(dstMac, name);
  at = skipWord(skip(dstMacEnd, ethernetType));
  at = skipField(at, length);
  return skip(at, layerEnd);
}

function readAddresses(at: usize, kind: i32): usize {
  srcStart = skip(at, sourceAddress);
  srcEnd = readName(kind, srcStart, blank);
  put32(src, name);
  dstStart = skip(srcEnd, destinationAddress);
  dstEnd = readName(kind, dstStart, blank);
  put32(dst, name);
  return dstEnd;
}

function readIp4(at: usize): usize {
  at = readField(skipContents(at), version4, 3);
  at = skipField(at, typeOfService);
  at = skipField(at, length);
  at = readField(at, identification, 10);
  put16(ipId, <u32>value);
  at = skip(skipWord(skip(at, ipFlags)), noFragment);
  at = readField(at, timeToLive, 10);
  put8(ttl, <u32>value);
  at = skipWord(skip(at, protocolName));
  at = readAddresses(skipField(at, checksum), address4Name);
  at = skipList(skip(at, ip4Options));
  at = skipList(skip(at, ip4Padding));
  return skip(at, layerEnd);
}

function readIp6(at: usize): usize {
  at = skipDigits(skipLong(skipContents(at), version6));
  at = skipField(at, flowLabel);
  at = skipField(at, length);
  at = skipWord(skip(at, nextHeader));
  at = readField(at, hopLimit, 10);
  put8(ttl, <u32>value);
  put16(ipId, 0);
  at = readAddresses(at, address6Name);
  return skip(skip(at, ip6End), layerEnd);
}

/** Passes over `"l2":{"src":"...","dst":"..."}`, which says again what the layers said. */
function skipRepeated(at: usize, opening: usize, src: usize, srcEnd: usize, dst: usize, dstEnd: usize): usize {
  at = skip(skipSame(skip(at, opening), src, srcEnd), endsMiddle);
  return skip(skipSame(at, dst, dstEnd), endsEnd);
}

/** Passes over the ports, which are said again where the transport has any. */
function skipL4(at: usize): usize {
  if (!stands(at, l4Opening)) return at;
  at = skip(skipString(behind(at, l4Opening)), endsMiddle);
  return skip(skipString(at), endsEnd);
}

/**
 * Reads the `summary` object of one packet without a tunnel: Ethernet, IPv4 or IPv6, and TCP, UDP or ICMP, as gopacket prints them
 * (pkg/monitor/dissect.go, Cilium 1.8 to 1.19). Answers what stands behind its brace.
 */
export function readLayers(at: usize): usize {
  at = readEthernet(at);
  const isIp4 = stands(at, ip4Opening);
  refuseIf(!isIp4 && !stands(at, ip6Opening));
  at = isIp4 ? readIp4(behind(at, ip4Opening)) : readIp6(behind(at, ip6Opening));
  at = readTransport(at);
  put16(flags, transportFlags | (isIp4 ? 0 : ipv6));
  at = skipRepeated(at, l2Opening, srcMacStart, srcMacEnd, dstMacStart, dstMacEnd);
  at = skipRepeated(at, l3Opening, srcStart, srcEnd, dstStart, dstEnd);
  return skip(skipL4(at), summaryEnd);
}
