import { decodeLine } from "./decodeLine.js";
import { objectStart } from "./jsonObject.js";
import { isWhole } from "./textWrapped.js";

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  return end > at && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
}

/** Whether a line of text is an event by itself, with its packet. Headers of blocks are not: their packet stands on lines of its own. */
function isTextEvent(text: string, start: number, end: number): boolean {
  const decoded = decodeLine("", text, { start, end });
  if (decoded.type !== "event") return false;
  const { event } = decoded;
  const namesPacket = event.type === "trace" || event.type === "drop" || event.type === "policy-verdict";
  return namesPacket && isWhole(event);
}

/**
 * Whether `readCapture` gives the same for the text before a line and the text from it on as for both together: no event reaches over
 * the line. That is so where a message of JSON opens the line, as every search for the rest of an earlier one ends there; and where the
 * line is an event of text, if no object can be open before it.
 *
 * @param at where the line starts
 * @param followsObject whether a brace opens in the text before it, from the last such line on
 */
export function mayCutBefore(text: string, at: number, followsObject: boolean): boolean {
  const end = endOfLine(text, at);
  if (text.charCodeAt(at) === 0x7b) return end > at + 1 && objectStart(text, { start: at, end })?.kind === "event";
  return !followsObject && isTextEvent(text, at, end);
}
