import type { MaskedValue } from "../net/maskedValue.js";
import type { NumberRange } from "./rule.js";

/** Reads a decimal or `0x` number up to `max`, or answers `undefined`. */
export function parseNumber(word: string, max = 0xffffffff): number | undefined {
  if (!/^(?:\d{1,20}|0[xX][0-9a-fA-F]{1,16})$/.test(word)) return undefined;
  const value = Number(word);
  return value <= max ? value : undefined;
}

/** Reads `VALUE[/MASK]` in decimal or hex; without a mask all bits of `fullMask` count. */
export function parseMasked(word: string, fullMask: number): MaskedValue | undefined {
  const slash = word.indexOf("/");
  const value = parseNumber(slash < 0 ? word : word.slice(0, slash), fullMask);
  const mask = slash < 0 ? fullMask : parseNumber(word.slice(slash + 1), fullMask);
  return value === undefined || mask === undefined ? undefined : { value, mask };
}

/** Reads `N` or `N-M` with N <= M <= `max`. */
export function parseRange(word: string, max: number): NumberRange | undefined {
  const dash = word.indexOf("-");
  const start = parseNumber(dash < 0 ? word : word.slice(0, dash), max);
  const end = dash < 0 ? start : parseNumber(word.slice(dash + 1), max);
  return start === undefined || end === undefined || start > end ? undefined : { start, end };
}

/** Writes a number as iproute2's `%#x` does: zero has no `0x`. */
export function formatHex(value: number): string {
  return value === 0 ? "0" : `0x${value.toString(16)}`;
}
