import { lineSpans } from "../text/lines.js";
import type { Span } from "../text/span.js";
import { decodeLine } from "./decodeLine.js";
import { readHubbleDict } from "./hubbleDict.js";
import { textBody } from "./textBody.js";

/** How many lines are looked at. Captures may begin with a terminal's banner and a script's own words. */
const lookedAt = 60;

/**
 * Whether a text that begins with `head` is (also) a capture of `cilium monitor`, `hubble observe` or pwru: one of its first lines is an
 * event, or a record that stands on several lines begins there.
 */
export function looksLikeCapture(head: string): boolean {
  const lines: Span[] = [];
  for (const line of lineSpans(head)) {
    lines.push(line);
    if (lines.length === lookedAt) break;
  }
  return lines.some(
    (line, index) =>
      decodeLine("", head, line).type === "event" ||
      readHubbleDict("", head, lines, index, textBody(head, line)) !== undefined,
  );
}
