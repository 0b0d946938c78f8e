import { lineSpans } from "../text/lines.js";
import { decodeLine } from "./decodeLine.js";
import type { MonitorEvent } from "./event.js";

/** How many lines are looked at. Captures may begin with a terminal's banner and a script's own words. */
const lookedAt = 60;

/** A compact line of Hubble: readable where a capture holds one, but no sign of a capture, as its words are those of any log. */
function isHubbleText(head: string, event: MonitorEvent): boolean {
  return event.hubble !== undefined && head.charAt(event.place.start) !== "{";
}

/** Whether a text that begins with `head` is (also) a capture of `cilium monitor`: one of its first lines is an event. */
export function looksLikeCapture(head: string): boolean {
  let seen = 0;
  for (const line of lineSpans(head)) {
    const decoded = decodeLine("", head, line);
    if (decoded.type === "event" && !isHubbleText(head, decoded.event)) return true;
    seen++;
    if (seen === lookedAt) break;
  }
  return false;
}
