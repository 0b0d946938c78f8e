import { takeDifferences } from "./judgement";

/**
 * Where a text stands that lines are compared with: 1 to 32 characters of ASCII, then a mask of ones for each of them, both filled up with
 * zeros to 32 bytes; then their number. scripts/buildScanner.mjs puts the bytes in the place of the call, so that the text must stand in it.
 */
export declare function literal(text: string): usize;

function difference(at: usize, literal: usize): v128 {
  return v128.and(v128.xor(v128.load(at), v128.load(literal)), v128.load(literal, 32));
}

function longDifference(at: usize, literal: usize): v128 {
  const end = v128.xor(v128.load(at, 16), v128.load(literal, 16));
  return v128.or(difference(at, literal), v128.and(end, v128.load(literal, 48)));
}

/** The position behind a literal. */
export function behind(at: usize, literal: usize): usize {
  return at + load<u32>(literal, 64);
}

/** Passes over a literal of at most 16 characters, which must stand at `at`. */
export function skip(at: usize, literal: usize): usize {
  takeDifferences(difference(at, literal));
  return behind(at, literal);
}

/** Passes over a literal of up to 32 characters. */
export function skipLong(at: usize, literal: usize): usize {
  takeDifferences(longDifference(at, literal));
  return behind(at, literal);
}

/** Whether a literal of at most 16 characters stands at `at`. */
export function stands(at: usize, literal: usize): bool {
  return !v128.any_true(difference(at, literal));
}
