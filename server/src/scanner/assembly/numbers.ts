// biome-ignore-all lint/correctness/noPrecisionLoss: the numbers of AssemblyScript may have 64 bits.

import { refuseIf } from "./judgement";

/** The number that was read last. */
export let value: u64 = 0;

const zeros: u64 = 0x3030303030303030;
const highBits: u64 = 0x8080808080808080;

/** How many bytes are digits, from the lowest on. `nibbles` are eight bytes of text, each exclusive-or'ed with the digit 0. */
function countDigits(nibbles: u64): i32 {
  return <i32>(ctz(((nibbles + 0x7676767676767676) | nibbles) & highBits) >> 3);
}

/** The number that the `count` lowest bytes are the digits of, the most significant lowest. */
function numberOf(nibbles: u64, count: i32): u64 {
  let digits = nibbles << (64 - 8 * count);
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffff;
  return (digits * 10000 + (digits >> 32)) & 0xffffffff;
}

function tenToThe(power: i32): u64 {
  return power === 1 ? 10 : power === 2 ? 100 : 1;
}

/** Reads one to `most` decimal digits (at most 10). */
export function readDigits(at: usize, most: i32): usize {
  const first = load<u64>(at) ^ zeros;
  let count = countDigits(first);
  value = numberOf(first, count);
  if (count === 8) {
    const second = load<u64>(at, 8) ^ zeros;
    const more = countDigits(second);
    if (more > 0) value = value * tenToThe(more) + numberOf(second, more);
    count += more;
  }
  refuseIf(count === 0 || count > most);
  return at + count;
}

/** Passes over one to ten decimal digits. */
export function skipDigits(at: usize): usize {
  let count = countDigits(load<u64>(at) ^ zeros);
  if (count === 8) count += countDigits(load<u64>(at, 8) ^ zeros);
  refuseIf(count === 0 || count > 10);
  return at + count;
}

/** Reads a whole number as JSON writes it, which has no leading zeros, of at most 10 digits. */
export function readNumber(at: usize, largest: u64): usize {
  const end = readDigits(at, 10);
  refuseIf(value > largest || (load<u8>(at) === 0x30 && end !== at + 1));
  return end;
}

/** Reads one to eight hexadecimal digits. */
export function readHex(at: usize): usize {
  const text = load<u64>(at);
  const nibbles = text ^ zeros;
  const letters = (text | 0x2020202020202020) ^ 0x6060606060606060;
  const noDigit = (nibbles + 0x7676767676767676) | nibbles;
  // A letter from a to f is a number from 1 to 6 here.
  const noLetter = ~(letters + 0x7f7f7f7f7f7f7f7f) | (letters + 0x7979797979797979);
  const count = <i32>(ctz(noDigit & noLetter & highBits) >> 3);
  refuseIf(count === 0);
  let digits = (text & 0x0f0f0f0f0f0f0f0f) + 9 * ((text >> 6) & 0x0101010101010101);
  digits <<= 64 - 8 * count;
  digits = ((digits << 4) | (digits >> 8)) & 0x00ff00ff00ff00ff;
  digits = ((digits << 8) | (digits >> 16)) & 0x0000ffff0000ffff;
  value = ((digits << 16) | (digits >> 32)) & 0xffffffff;
  return at + count;
}
