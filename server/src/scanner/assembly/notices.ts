import { beginJudgement, isUsual } from "./judgement";
import { behind, literal, skip, skipLong, stands } from "./literal";
import { readDigits, readHex, readNumber } from "./numbers";
import { skipString } from "./runs";

/** Notices that are held at most; the reader takes them away before there are more. */
export const noticeCapacity: u32 = 4096;

/** For each notice three numbers: its kind, where in the file it begins, and how many bytes it has. */
export const noticeArea: usize = memory.data(24 * noticeCapacity, 64);

/** Notices that are held. */
export let noticeCount: u32 = 0;

/** What a notice may be, by its place in `noticeKinds` of server/src/core/scan/notices.ts. */
const captureKind: i32 = 0;
const debugKind: i32 = 1;

/** The kind of the notice that was read last. */
let kind: i32 = 0;

const opening = literal('{"cpu":"CPU ');
const capture = literal(':","type":"capture","mark":"0x');
/** How a capture message differs first from a debug message. */
const captureType = literal(':","type":"capt');
const debug = literal(':","type":"debug","message":"');

const message = literal('","message":"');
const prefix = literal('","prefix":"');
const source = literal('","source":');
const bytes = literal(',"bytes":');
const summary = literal(',"summary":"');
const noticeEnd = literal('"}');

function readCapture(at: usize): usize {
  kind = captureKind;
  at = readHex(skipLong(at, capture));
  at = skipString(skip(at, message));
  at = skipString(skip(at, prefix));
  at = readNumber(skip(at, source), 0xffff);
  at = readNumber(skip(at, bytes), u32.MAX_VALUE);
  return skipString(skip(at, summary));
}

function readDebug(at: usize): usize {
  kind = debugKind;
  return skipString(skipLong(at, debug));
}

/**
 * Reads the notice that begins at `at`: a message with no packet in its columns, of which nothing but its kind is kept. Those are the capture
 * and debug messages as Cilium 1.0 to 1.19 print them (pkg/monitor/datapath_debug.go), with the keys in the order of their structs.
 *
 * @returns what stands behind its object; 0 if it is none, or not as usual
 */
export function readNotice(at: usize): usize {
  if (!stands(at, opening)) return 0;
  beginJudgement();
  at = readDigits(behind(at, opening), 5);
  at = stands(at, captureType) ? readCapture(at) : readDebug(at);
  at = skip(at, noticeEnd);
  return isUsual() ? at : 0;
}

/** Keeps the notice that was read, which begins at this offset of the file and has so many bytes. */
export function keepNotice(offset: f64, length: u32): void {
  const notice = noticeArea + 24 * noticeCount;
  store<f64>(notice, <f64>kind);
  store<f64>(notice, offset, 8);
  store<f64>(notice, <f64>length, 16);
  noticeCount++;
}

/** Lets all notices go. */
export function clearNotices(): void {
  noticeCount = 0;
}
