import { refuseIf } from "./judgement";
import { literal, stands } from "./literal";

const quote: u8 = 0x22;
const openBracket: u8 = 0x5b;
const closeBracket: u8 = 0x5d;

/** How Go's JSON writes `<` and `>` (encoding/json: HTMLEscape). */
const less = literal("\\u003c");
const greater = literal("\\u003e");
const escapeLength: i32 = 6;

/** One bit for each of 16 bytes that is no part of a word of gopacket's text, which are letters, digits and `_*+,-./:|`. */
function wordEnds(bytes: v128): i32 {
  const marks = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x2a)), i8x16.splat(0x10));
  const lower = v128.or(bytes, i8x16.splat(0x20));
  const letters = i8x16.le_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(25));
  const others = v128.or(i8x16.eq(bytes, i8x16.splat(0x5f)), i8x16.eq(bytes, i8x16.splat(0x7c)));
  return i8x16.bitmask(v128.or(v128.or(marks, letters), others)) ^ 0xffff;
}

/** Passes over a word of gopacket's text, which may be empty. */
export function skipWord(at: usize): usize {
  let ends = wordEnds(v128.load(at));
  while (!ends) {
    at += 16;
    ends = wordEnds(v128.load(at));
  }
  return at + ctz(ends);
}

/** One bit for each of 16 bytes that ends a run of plain characters: a quote, a backslash, or what is no printable ASCII. */
function plainEnds(bytes: v128): i32 {
  const escapes = v128.or(i8x16.eq(bytes, i8x16.splat(quote)), i8x16.eq(bytes, i8x16.splat(0x5c)));
  const controls = v128.or(i8x16.lt_s(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f)));
  return i8x16.bitmask(v128.or(escapes, controls));
}

/** Where the run of plain characters at `at` ends. */
function plainEnd(at: usize): usize {
  let ends = plainEnds(v128.load(at));
  while (!ends) {
    at += 16;
    ends = plainEnds(v128.load(at));
  }
  return at + ctz(ends);
}

/** Passes over the characters of a JSON string, up to its quote. The only escaped ones that are usual are `<` and `>`. */
export function skipString(at: usize): usize {
  at = plainEnd(at);
  while (load<u8>(at) !== quote) {
    if (!stands(at, less) && !stands(at, greater)) {
      refuseIf(true);
      return at;
    }
    at = plainEnd(at + escapeLength);
  }
  return at;
}

/** Passes over a list in brackets as `[..20..]` and `[]`, or as `skipNestedList` does. */
export function skipList(at: usize): usize {
  const simple = i8x16.le_u(i8x16.sub(v128.load(at), i8x16.splat(0x2e)), i8x16.splat(0x0b));
  // The opening bracket itself is not looked at twice.
  const end = at + ctz(((i8x16.bitmask(simple) ^ 0xffff) & 0xfffe) | 0x10000);
  const isSimple = load<u8>(at) === openBracket && load<u8>(end) === closeBracket;
  return isSimple ? end + 1 : skipNestedList(at);
}

/** Of 16 bits: for each, whether an odd number of them is set up to it. */
function oddUpTo(bits: i32): i32 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  return (bits ^ (bits << 8)) & 0xffff;
}

/** Passes over a list in brackets with parentheses in it, but nothing that is nested in these: `[TCPOption(NOP:), TCPOption(MSS:1460 0x05b4)]`. */
function skipNestedList(at: usize): usize {
  refuseIf(load<u8>(at) !== openBracket);
  let isInside: i32 = 0;
  for (at++; ; at += 16) {
    const bytes = v128.load(at);
    const controls = v128.or(i8x16.lt_s(bytes, i8x16.splat(0x20)), i8x16.gt_s(bytes, i8x16.splat(0x7a)));
    const brackets = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(openBracket)), i8x16.splat(2));
    const ends = i8x16.bitmask(v128.or(v128.or(controls, brackets), i8x16.eq(bytes, i8x16.splat(quote))));
    const before = ends ? (1 << ctz(ends)) - 1 : 0xffff;
    const opening = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x28))) & before;
    const both = opening | (i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x29))) & before);
    // Parentheses must open and close in turn.
    const inside = oddUpTo(both) ^ (isInside ? 0xffff : 0);
    refuseIf((both & inside) !== opening);
    isInside ^= popcnt(both) & 1;
    if (!ends) continue;
    at += ctz(ends);
    refuseIf(isInside !== 0 || load<u8>(at) !== closeBracket);
    return at + 1;
  }
}
