import type { Span } from "../text/span.js";
import { skipBlank } from "./lineNoise.js";

/** No monitor message nests deeper than a tunnel's layers; more is hostile, and recursive readers must not meet it. */
const deepest = 64;

/** The end of the object that opens at `start`, found by one pass over at most `limit - start` characters. */
export type ObjectEnd =
  | { readonly type: "closed"; readonly end: number }
  | { readonly type: "cut" }
  | { readonly type: "too-deep" };

/**
 * Finds the brace that closes the object opening at `start` (RFC 8259: braces inside strings don't count). Knows nothing else of
 * JSON, so terminal colours and wrapped lines inside the object don't disturb it.
 */
export function objectEnd(text: string, start: number, limit: number): ObjectEnd {
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = stringEnd(text, at, limit) - 1;
    } else if (unit === 0x7b) {
      depth++;
      if (depth > deepest) return { type: "too-deep" };
    } else if (unit === 0x7d) {
      depth--;
      if (depth === 0) return { type: "closed", end: at + 1 };
    }
  }
  return { type: "cut" };
}

/** The offset behind the closing quote of the string that opens at `start`; `limit` where it has none. */
export function stringEnd(text: string, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) at++;
    else if (unit === 0x22) return at + 1;
  }
  return limit;
}

/** Where a JSON object may open in a line. */
export interface ObjectStart {
  readonly at: number;
  /**
   * `event`: opens as `cilium monitor -j`, Hubble or pwru write their messages, or stands alone on its line (an object printed over
   * several lines). `other`: an object of something else.
   */
  readonly kind: "event" | "other";
}

/** The first brace within the line that is followed by a key. Whatever stands before it is a prefix (`kubectl logs`, `grep -n`). */
export function objectStart(text: string, line: Span): ObjectStart | undefined {
  // Searched within the line alone: the next brace of the text may be far.
  const words = text.slice(line.start, line.end);
  for (let brace = words.indexOf("{"); brace >= 0; brace = words.indexOf("{", brace + 1)) {
    // What follows a key is a value within an object that opened before, as on the second line of a wrapped one.
    if (isValueOfKey(words, brace)) continue;
    const at = line.start + brace;
    const key = skipBlank(text, at + 1);
    if (key >= line.end && skipBlank(text, line.start) === at) return { at, kind: "event" };
    if (text.charCodeAt(key) !== 0x22 || key >= line.end) continue;
    firstKey.lastIndex = key;
    return { at, kind: firstKey.test(text) ? "event" : "other" };
  }
  return undefined;
}

/**
 * The first keys of monitor messages, Hubble records and pwru lines. A flow by itself begins with its time, as other programs' logs do,
 * and goes on with its verdict or id.
 */
const firstKey =
  /"(?:cpu|type|flow|lost_events|agent_event|debug_event|node_status|skb|time"\s{0,4}:\s{0,4}"[^"]{0,60}"\s{0,4},\s{0,4}"(?:uuid|verdict))"/y;

function isValueOfKey(words: string, brace: number): boolean {
  let before = brace - 1;
  while (words.charCodeAt(before) === 0x20) before--;
  return words.charCodeAt(before) === 0x3a && words.charCodeAt(before - 1) === 0x22;
}
