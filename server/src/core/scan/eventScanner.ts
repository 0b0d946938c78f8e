import { dropPoint } from "../capture/eventColumns.js";
import type { Names } from "../capture/names.js";
import {
  amiss,
  type ByteText,
  brace,
  type Found,
  type Literal,
  literal,
  quote,
  readDigits,
  readHex,
  readNumber,
  readPlain,
  skipLiteral,
  skipPlain,
} from "./cursor.js";
import { scanLayers } from "./scanLayers.js";
import { type ScanNames, scanNames } from "./scanNames.js";
import { emptyRow, type ScannedRow } from "./scannedRow.js";

const cpu = literal('{"cpu":"CPU ');
const type = literal(':","type":"');
const trace = literal('trace","mark":"0x');
const drop = literal('drop","mark":"0x');
const device = literal('","ifindex":"');
const state = literal('","state":"');
const point = literal('","observationPoint":"');
const traceSummary = literal('","traceSummary":"');
const reason = literal('","reason":"');
const source = literal('","source":');
const length = literal(',"bytes":');
const srcIdentity = literal(',"srcLabel":');
const dstIdentity = literal(',"dstLabel":');
const dstEndpoint = literal(',"dstID":');
const noTraceId = literal(',"IpTraceID":0');
const bpfLine = literal(',"Line":');
const bpfFile = literal(',"File":');
const extError = literal(',"ExtError":');
const negativeError = literal(',"ExtError":-');
const dropDevice = literal(',"Ifindex":');
const summary = literal(',"summary":');
/** How Go's JSON writes `<` and `>` (encoding/json: HTMLEscape). */
const less = literal("\\u003c");
const greater = literal("\\u003e");

const zero = 0x30;

/** Reads the event that begins at a position into `row`. Returns the position behind its object, or `amiss`. */
export interface EventScanner {
  /** The table that takes up addresses and words. */
  readonly names: Names;
  readonly row: ScannedRow;
  readonly scan: (text: ByteText, at: number) => number;
}

/** `,"source":1177,"bytes":98,"srcLabel":50600,"dstLabel":0,"dstID":0` behind a string, which trace and drop share. */
function scanEnds(text: ByteText, at: number, row: ScannedRow, mostDstId: number, found: Found): number {
  let next = skipLiteral(text, at, source);
  if (next < 0) return amiss;
  next = readNumber(text, next, found);
  if (next < 0 || found.value > 0xffff) return amiss;
  row.source = found.value;
  next = skipLiteral(text, next, length);
  if (next < 0) return amiss;
  next = readNumber(text, next, found);
  if (next < 0 || found.value > 0xffffffff) return amiss;
  row.bytes = found.value;
  next = skipLiteral(text, next, srcIdentity);
  if (next < 0) return amiss;
  next = readNumber(text, next, found);
  if (next < 0 || found.value > 0xffffffff) return amiss;
  row.srcIdentity = found.value;
  next = skipLiteral(text, next, dstIdentity);
  if (next < 0) return amiss;
  next = readNumber(text, next, found);
  if (next < 0 || found.value > 0xffffffff) return amiss;
  row.dstIdentity = found.value;
  next = skipLiteral(text, next, dstEndpoint);
  if (next < 0) return amiss;
  next = readNumber(text, next, found);
  if (next < 0 || found.value > mostDstId) return amiss;
  row.dstEndpoint = found.value;
  return next;
}

/** The position behind a string's characters; `<` and `>` are the only escaped ones that are usual. */
function skipEscaped(text: ByteText, at: number): number {
  for (;;) {
    at = skipPlain(text, at);
    if (text.bytes[at] === quote) return at;
    const next = skipLiteral(text, at, less);
    at = next < 0 ? skipLiteral(text, at, greater) : next;
    if (at < 0) return amiss;
  }
}

function scanTrace(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  let begin = skipLiteral(text, at, device);
  if (begin < 0) return amiss;
  let next = readPlain(text, begin, found);
  const isNone = next === begin || (next === begin + 1 && text.bytes[begin] === zero);
  row.device = isNone ? 0 : names.texts.indexOf(text.bytes, begin, next, found.hash);
  begin = skipLiteral(text, next, state);
  if (begin < 0) return amiss;
  next = readPlain(text, begin, found);
  row.reason = names.texts.indexOf(text.bytes, begin, next, found.hash);
  begin = skipLiteral(text, next, point);
  if (begin < 0) return amiss;
  next = readPlain(text, begin, found);
  row.point = names.points.indexOf(text.bytes, begin, next, found.hash);
  next = skipLiteral(text, next, traceSummary);
  if (next < 0) return amiss;
  next = skipEscaped(text, next);
  if (next < 0) return amiss;
  next = scanEnds(text, next, row, 0xffff, found);
  if (next < 0) return amiss;
  const behindId = skipLiteral(text, next, noTraceId);
  return behindId < 0 ? next : behindId;
}

/** `,"Name":7`, which not every version has. */
function skipOptional(text: ByteText, at: number, name: Literal, most: number, found: Found): number {
  const value = skipLiteral(text, at, name);
  if (value < 0) return at;
  const end = readNumber(text, value, found);
  return end < 0 || found.value > most ? amiss : end;
}

function scanDrop(text: ByteText, at: number, row: ScannedRow, names: ScanNames, found: Found): number {
  const begin = skipLiteral(text, at, reason);
  if (begin < 0) return amiss;
  let next = readPlain(text, begin, found);
  row.point = dropPoint;
  row.reason = names.dropReasons.indexOf(text.bytes, begin, next, found.hash);
  next = scanEnds(text, next, row, 0xffffffff, found);
  if (next < 0) return amiss;
  next = skipOptional(text, next, bpfLine, 0xffff, found);
  if (next < 0) return amiss;
  next = skipOptional(text, next, bpfFile, 0xff, found);
  if (next < 0) return amiss;
  const value = skipLiteral(text, next, negativeError);
  next = value < 0 ? skipOptional(text, next, extError, 127, found) : readNumber(text, value, found);
  if (next < 0 || (value >= 0 && found.value > 128)) return amiss;
  return skipOptional(text, next, dropDevice, 0xffffffff, found);
}

/**
 * A scanner for events as `cilium monitor -j` usually prints them: a trace or a drop of a packet that is in no tunnel, with the keys of
 * Cilium 1.8 to 1.19 in the order of its structs (pkg/monitor/datapath_trace.go, datapath_drop.go), and nothing escaped but what Go
 * escapes. Every byte of the object is compared, so that what is accepted means what `decodeLine` reads; all else is `amiss`.
 *
 * @param names takes up addresses and words
 */
export function eventScanner(names: Names): EventScanner {
  const tables = scanNames(names);
  const found: Found = { value: 0, hash: 0 };
  const row = emptyRow();

  function scan(text: ByteText, at: number): number {
    let next = skipLiteral(text, at, cpu);
    if (next < 0) return amiss;
    next = readDigits(text, next, 5, found);
    if (next < 0 || found.value >= 0xffff) return amiss;
    row.cpu = found.value + 1;
    next = skipLiteral(text, next, type);
    if (next < 0) return amiss;
    row.flags = 0;
    row.seq = 0;
    row.ack = 0;
    row.detail = 0;
    row.sport = 0;
    row.dport = 0;
    row.ipId = 0;
    row.device = 0;
    const kind = skipLiteral(text, next, trace);
    next = kind < 0 ? skipLiteral(text, next, drop) : kind;
    if (next < 0) return amiss;
    next = readHex(text, next, found);
    if (next < 0) return amiss;
    row.flowHash = found.value;
    next = kind < 0 ? scanDrop(text, next, row, tables, found) : scanTrace(text, next, row, tables, found);
    if (next < 0) return amiss;
    next = skipLiteral(text, next, summary);
    if (next < 0) return amiss;
    next = scanLayers(text, next, row, tables, found);
    return next < 0 || text.bytes[next] !== brace ? amiss : next + 1;
  }

  return { names, row, scan };
}
