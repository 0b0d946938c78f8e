import type { Place } from "../text/span.js";
import type { UnknownEvent } from "./event.js";

const event = /^CPU (\d{1,5}): (Unknown event: \[(\d{1,3})?.{0,20000})$/;
const unreadable = /^cannot decode message type '(\d{1,3})': .{1,500}$/;
const unparsed = /^Error while parsing [a-z -]{1,40} notification message: .{1,500}$/;
const shownCharacters = 80;

/**
 * An event that the monitor could not show (pkg/monitor/format/format.go): of a type that it does not know, with its bytes
 * (`CPU 00: Unknown event: [9 1 2]`), or of a length that it did not expect, as happens where agent and monitor are of different versions.
 */
export function readUnknown(line: string, place: Place): UnknownEvent | undefined {
  const [, cpu, words = "", first] = event.exec(line) ?? [];
  if (cpu !== undefined) {
    const message = words.length > shownCharacters ? `${words.slice(0, shownCharacters)}…` : words;
    return { type: "unknown", place, cpu: Number(cpu), message, ...(first && { messageType: Number(first) }) };
  }
  const type = unreadable.exec(line)?.[1];
  if (type !== undefined) return { type: "unknown", place, message: line, messageType: Number(type) };
  return unparsed.test(line) ? { type: "unknown", place, message: line } : undefined;
}
