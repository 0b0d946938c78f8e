import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { readLost } from "./textLost.js";
import { readVerdict } from "./textVerdict.js";

type LineReader = (line: string, place: Place) => MonitorEvent | undefined;

/** One reader per kind of text line. A line is given without noise and outer blanks; `place` is where it stands. */
const readers: readonly LineReader[] = [readVerdict, readLost];

/** The event in a line of text, if one of the readers knows it. */
export function readTextEvent(line: string, place: Place): MonitorEvent | undefined {
  for (const read of readers) {
    const event = read(line, place);
    if (event) return event;
  }
  return undefined;
}

/** How lines begin that `cilium monitor` prints for an event. */
const eventOpening =
  /^(?:Policy verdict log: |xx drop \(|CPU \d{1,5}: (?:MARK 0x|Lost |\[)|(?:->|<-) [a-z][a-z ]{1,12}[\d ]{0,8}flow 0x)/;

/** Whether a line of text is an event by its opening words, so that not being able to read it is worth a word. */
export function opensTextEvent(line: string): boolean {
  return eventOpening.test(line);
}
