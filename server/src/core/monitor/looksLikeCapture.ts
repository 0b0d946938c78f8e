import { lineSpans } from "../text/lines.js";
import { decodeLine } from "./decodeLine.js";

/** How many lines are looked at. Captures may begin with a terminal's banner and a script's own words. */
const lookedAt = 60;

/** Whether a text that begins with `head` is (also) a capture of `cilium monitor`: one of its first lines is an event. */
export function looksLikeCapture(head: string): boolean {
  let seen = 0;
  for (const line of lineSpans(head)) {
    if (decodeLine("", head, line).type === "event") return true;
    seen++;
    if (seen === lookedAt) break;
  }
  return false;
}
