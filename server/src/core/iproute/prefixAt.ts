import { type Prefix, parsePrefix } from "../net/prefix.js";

/** Reads one to three decimal digits up to `max`, or answers -1. */
function decimal(text: string, start: number, end: number, max: number): number {
  if (start >= end || end - start > 3) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= max ? value : -1;
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** The eight groups of the IPv6 address at `start` to `end`, or `undefined`; one with a dotted part is left to the full reader. */
function groupsAt(text: string, start: number, end: number): number[] | undefined {
  const groups: number[] = [];
  let gap = -1;
  let at = start;
  while (at < end) {
    if (text.charCodeAt(at) === 58) {
      const double = text.charCodeAt(at + 1) === 58 && at + 1 < end;
      // A colon stands between two groups; two of them, once, for groups of zeros.
      if (double ? gap >= 0 : at === start || at + 1 === end) return undefined;
      if (double) gap = groups.length;
      at += double ? 2 : 1;
      if (at < end && text.charCodeAt(at) === 58) return undefined;
      continue;
    }
    let group = 0;
    const from = at;
    while (at < end && text.charCodeAt(at) !== 58) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit < 0 || at - from >= 4) return undefined;
      group = group * 16 + digit;
      at++;
    }
    groups.push(group);
  }
  if (gap < 0) return groups.length === 8 ? groups : undefined;
  if (groups.length > 7) return undefined;
  const zeros = new Array<number>(8 - groups.length).fill(0);
  return [...groups.slice(0, gap), ...zeros, ...groups.slice(gap)];
}

function join(groups: readonly number[]): bigint {
  const word = (at: number) => BigInt((groups[at] ?? 0) * 65536 + (groups[at + 1] ?? 0));
  return (word(0) << 96n) | (word(2) << 64n) | (word(4) << 32n) | word(6);
}

function prefix6At(text: string, start: number, end: number): Prefix | undefined {
  let slash = start;
  let colons = false;
  while (slash < end && text.charCodeAt(slash) !== 47) {
    colons ||= text.charCodeAt(slash) === 58;
    slash++;
  }
  if (!colons) return undefined;
  const length = slash < end ? decimal(text, slash + 1, end, 128) : 128;
  const groups = groupsAt(text, start, slash);
  if (!groups || length < 0) return parsePrefix(text.slice(start, end));
  return { family: 6, value: join(groups), length };
}

/**
 * Reads the prefix or address at `start` to `end` of a text as `parsePrefix` does, without taking the text apart: for tables of
 * a hundred thousand lines. Notations that no table has (a dotted part in IPv6) are left to `parsePrefix`.
 */
export function prefixAt(text: string, start: number, end: number): Prefix | undefined {
  let value = 0;
  let part = 0;
  let parts = 1;
  let from = start;
  let at = start;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 48 && unit <= 57) {
      // A zero before other digits would make it octal to some readers (RFC 6943 section 3.1.1).
      if (part > 25 || (part === 0 && at > from)) break;
      part = part * 10 + unit - 48;
    } else if (unit === 46 && at > from && part <= 255) {
      value = value * 256 + part;
      part = 0;
      parts++;
      from = at + 1;
    } else break;
  }
  if (parts !== 4 || at === from || part > 255) return prefix6At(text, start, end);
  if (at === end) return { family: 4, value: BigInt(value * 256 + part), length: 32 };
  const length = text.charCodeAt(at) === 47 ? decimal(text, at + 1, end, 32) : -1;
  return length < 0 ? prefix6At(text, start, end) : { family: 4, value: BigInt(value * 256 + part), length };
}
