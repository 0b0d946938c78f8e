import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { readHubbleCompact } from "./hubbleCompact.js";
import { readHubbleNotice } from "./hubbleNotices.js";
import { readHubbleTable } from "./hubbleTable.js";
import { readPwru } from "./pwruText.js";
import { readAgent } from "./textAgent.js";
import { readCaptureLine } from "./textCapture.js";
import { readDebug } from "./textDebug.js";
import { readDrop } from "./textDrop.js";
import { readEarly } from "./textEarly.js";
import { readLost } from "./textLost.js";
import { readRecord } from "./textRecord.js";
import { readRecorder } from "./textRecorder.js";
import { readSocket } from "./textSocket.js";
import { readTrace } from "./textTrace.js";
import { readUnknown } from "./textUnknown.js";
import { readVerbose } from "./textVerbose.js";
import { readVerdict } from "./textVerdict.js";

type LineReader = (line: string, place: Place) => MonitorEvent | undefined;

/** Hubble's times begin with a month, a weekday, a year or `N/A`. */
const hubbleOpenings = "ADFJMNOSTW0123456789";

/**
 * One reader per kind of text line, with the characters that such a line can begin with: most lines are asked of one or two readers
 * only. A line is given without noise and outer blanks; `place` is where it stands.
 */
const readers: readonly (readonly [openings: string, read: LineReader])[] = [
  ["-<^u", readTrace],
  ["P", readVerdict],
  ["x", readDrop],
  ["C", readVerbose],
  ["C", readDebug],
  ["CU", readLost],
  ["C", readSocket],
  [">", readAgent],
  ["-<?", readRecord],
  ["-<=", readCaptureLine],
  ["-<df", readEarly],
  [hubbleOpenings, readHubbleCompact],
  [`${hubbleOpenings}u`, readHubbleNotice],
  [hubbleOpenings, readHubbleTable],
  ["0123456789", readPwru],
  ["R", readRecorder],
  ["CEc", readUnknown],
];

const readersByOpening: ReadonlyMap<string, readonly LineReader[]> = new Map(
  [...new Set(readers.flatMap(([openings]) => [...openings]))].map((opening) => [
    opening,
    readers.filter(([openings]) => openings.includes(opening)).map(([, read]) => read),
  ]),
);

/** The event in a line of text, if one of the readers knows it. */
export function readTextEvent(line: string, place: Place): MonitorEvent | undefined {
  for (const read of readersByOpening.get(line.charAt(0)) ?? []) {
    const event = read(line, place);
    if (event) return event;
  }
  return undefined;
}

/** How lines begin that `cilium monitor` prints for an event of a packet. */
const eventOpening =
  /^(?:Policy verdict log: |xx drop \(|CPU \d{1,5}: (?:MARK 0x|Lost |\[(?:pre|post)-xlate-)|Recorder capture: dir:|(?:->|<-) [a-z][a-z ]{1,12}[\d ]{0,8}flow 0x)/;

/** Why a line that no reader knows should have been an event, judged by its opening words; `undefined` where it need not be one. */
export function unreadEvent(line: string): string | undefined {
  if (!eventOpening.test(line)) return undefined;
  return "This line opens like an event of `cilium monitor`, but it could not be read. Nothing of it is used.";
}
