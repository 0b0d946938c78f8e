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
   * `event`: opens as `cilium monitor -j` writes its messages, with `cpu` or `type` first, or stands alone on its line (an
   * object printed over several lines). `other`: an object of something else.
   */
  readonly kind: "event" | "other";
}

/** The first brace within the line that is followed by a key. Whatever stands before it is a prefix (`kubectl logs`, `grep -n`). */
export function objectStart(text: string, line: Span): ObjectStart | undefined {
  for (let at = line.start; at < line.end; at++) {
    if (text.charCodeAt(at) !== 0x7b) continue;
    const key = skipBlank(text, at + 1);
    if (key >= line.end && skipBlank(text, line.start) === at) return { at, kind: "event" };
    if (text.charCodeAt(key) !== 0x22 || key >= line.end) continue;
    return { at, kind: isEventKey(text, key) ? "event" : "other" };
  }
  return undefined;
}

function isEventKey(text: string, at: number): boolean {
  return text.startsWith('"cpu"', at) || text.startsWith('"type"', at);
}
