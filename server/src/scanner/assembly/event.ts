import { beginJudgement, isUsual, refuseIf } from "./judgement";
import { readLayers } from "./layers";
import { behind, literal, skip, skipLong, stands } from "./literal";
import { deviceName, name, pointName, readName, reasonName, stateName } from "./names";
import { readDigits, readHex, readNumber, value } from "./numbers";
import {
  bytes,
  cpu,
  device,
  dstEndpoint,
  dstIdentity,
  flowHash,
  point,
  put8,
  put16,
  put32,
  reason,
  source,
  srcIdentity,
} from "./rows";
import { skipString } from "./runs";

const quote: u8 = 0x22;

/** The column `point` of a drop (`dropPoint`). */
const dropPoint: u32 = 254;

const opening = literal('{"cpu":"CPU ');
const trace = literal(':","type":"trace","mark":"0x');
const drop = literal(':","type":"drop","mark":"0x');
/** How the two differ first. */
const traceKind = literal(':","type":"trace');

const ifindex = literal('","ifindex":"');
const state = literal('","state":"');
const observationPoint = literal('","observationPoint":"');
const traceSummary = literal('","traceSummary":"');
const dropReason = literal('","reason":"');
const sourceField = literal('","source":');
const bytesField = literal(',"bytes":');
const srcLabel = literal(',"srcLabel":');
const dstLabel = literal(',"dstLabel":');
const dstId = literal(',"dstID":');
const noTraceId = literal(',"IpTraceID":0');
const bpfLine = literal(',"Line":');
const bpfFile = literal(',"File":');
const extError = literal(',"ExtError":');
const negativeError = literal(',"ExtError":-');
const dropDevice = literal(',"Ifindex":');
const summary = literal(',"summary":');
const eventEnd = literal("}");

/** Reads `","source":1177,"bytes":98,"srcLabel":50600,"dstLabel":0,"dstID":0` behind a string, which traces and drops share. */
function readEnds(at: usize, largestDstId: u64): usize {
  at = readNumber(skip(at, sourceField), 0xffff);
  put16(source, <u32>value);
  at = readNumber(skip(at, bytesField), u32.MAX_VALUE);
  put32(bytes, <u32>value);
  at = readNumber(skip(at, srcLabel), u32.MAX_VALUE);
  put32(srcIdentity, <u32>value);
  at = readNumber(skip(at, dstLabel), u32.MAX_VALUE);
  put32(dstIdentity, <u32>value);
  at = readNumber(skip(at, dstId), largestDstId);
  put16(dstEndpoint, <u32>value);
  return at;
}

function readTrace(at: usize): usize {
  at = readName(deviceName, skip(at, ifindex), quote);
  put32(device, name);
  at = readName(stateName, skip(at, state), quote);
  put32(reason, name);
  at = readName(pointName, skipLong(at, observationPoint), quote);
  put8(point, name);
  at = skipString(skipLong(at, traceSummary));
  at = readEnds(at, 0xffff);
  return stands(at, noTraceId) ? behind(at, noTraceId) : at;
}

/** Passes over `,"Name":7`, which not every version has. */
function skipOptional(at: usize, field: usize, largest: u64): usize {
  return stands(at, field) ? readNumber(behind(at, field), largest) : at;
}

function readDrop(at: usize): usize {
  at = readName(reasonName, skip(at, dropReason), quote);
  put32(reason, name);
  put8(point, dropPoint);
  put32(device, 0);
  at = readEnds(at, u32.MAX_VALUE);
  at = skipOptional(at, bpfLine, 0xffff);
  at = skipOptional(at, bpfFile, 0xff);
  // `-` alone stands behind the name of the field where the number is negative.
  at = stands(at, negativeError) ? readNumber(behind(at, negativeError), 128) : skipOptional(at, extError, 127);
  return skipOptional(at, dropDevice, u32.MAX_VALUE);
}

/**
 * Reads the event that begins at `at` into the row behind those that are held: a trace or a drop of a packet that is in no tunnel, with the
 * keys of Cilium 1.8 to 1.19 in the order of its structs (pkg/monitor/datapath_trace.go, datapath_drop.go), and nothing escaped but what Go
 * escapes. Every byte of the object is compared, so that what is accepted means what the readers of server/src/core/monitor read.
 *
 * @returns what stands behind its object; 0 if it is not as usual
 */
export function readEvent(at: usize): usize {
  if (!stands(at, opening)) return 0;
  beginJudgement();
  at = readDigits(behind(at, opening), 5);
  refuseIf(value >= 0xffff);
  put16(cpu, <u32>value + 1);
  const isTrace = stands(at, traceKind);
  at = readHex(skipLong(at, isTrace ? trace : drop));
  // An early look: most lines that are not as usual show it here.
  if (!isUsual()) return 0;
  put32(flowHash, <u32>value);
  at = isTrace ? readTrace(at) : readDrop(at);
  at = skip(readLayers(skip(at, summary)), eventEnd);
  return isUsual() ? at : 0;
}
