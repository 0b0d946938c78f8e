import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { readAgent } from "./textAgent.js";
import { readCaptureLine } from "./textCapture.js";
import { readDebug } from "./textDebug.js";
import { readDrop } from "./textDrop.js";
import { readEarly } from "./textEarly.js";
import { readHubble } from "./textHubble.js";
import { readLost } from "./textLost.js";
import { readRecord } from "./textRecord.js";
import { readTrace } from "./textTrace.js";
import { readVerbose } from "./textVerbose.js";
import { readVerdict } from "./textVerdict.js";

type LineReader = (line: string, place: Place) => MonitorEvent | undefined;

/** One reader per kind of text line. A line is given without noise and outer blanks; `place` is where it stands. */
const readers: readonly LineReader[] = [
  readTrace,
  readVerdict,
  readDrop,
  readVerbose,
  readDebug,
  readLost,
  readAgent,
  readRecord,
  readCaptureLine,
  readEarly,
  readHubble,
];

/** The event in a line of text, if one of the readers knows it. */
export function readTextEvent(line: string, place: Place): MonitorEvent | undefined {
  for (const read of readers) {
    const event = read(line, place);
    if (event) return event;
  }
  return undefined;
}

/** How lines begin that `cilium monitor` prints for an event of a packet. */
const eventOpening =
  /^(?:Policy verdict log: |xx drop \(|CPU \d{1,5}: (?:MARK 0x|Lost )|(?:->|<-) [a-z][a-z ]{1,12}[\d ]{0,8}flow 0x)/;

/** Why a line that no reader knows should have been an event, judged by its opening words; `undefined` where it need not be one. */
export function unreadEvent(line: string): string | undefined {
  if (!eventOpening.test(line)) return undefined;
  return "This line opens like an event of `cilium monitor`, but it could not be read. Nothing of it is used.";
}
