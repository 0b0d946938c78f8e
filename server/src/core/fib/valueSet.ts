import { type MaskedValue, maskedContains, maskedOverlap } from "../net/maskedValue.js";

/**
 * A set of unsigned 32-bit numbers, as masked values that have no number in common. Every selector on a number is such a set:
 * a masked value is one, a range is the few aligned blocks it consists of.
 */
export type ValueSet = readonly MaskedValue[];

/** The numbers from `start` to `end`, both included, as aligned blocks: at most 62 of them. */
export function rangeSet(start: number, end: number): ValueSet {
  const blocks: MaskedValue[] = [];
  let at = start;
  while (at <= end) {
    let size = at === 0 ? 2 ** 32 : lowestBit(at);
    while (at + size - 1 > end) size /= 2;
    blocks.push({ value: at, mask: -size >>> 0 });
    at += size;
  }
  return blocks;
}

function lowestBit(value: number): number {
  return (value & -value) >>> 0;
}

/** Whether `actual` is in the set. */
export function setHas(set: ValueSet, actual: number): boolean {
  for (const block of set) if (((actual ^ block.value) & block.mask) === 0) return true;
  return false;
}

/** What is in both sets. */
export function intersectSets(a: ValueSet, b: ValueSet): ValueSet {
  const result: MaskedValue[] = [];
  for (const left of a)
    for (const right of b) {
      if (!maskedOverlap(left, right)) continue;
      result.push({
        value: ((left.value & left.mask) | (right.value & right.mask)) >>> 0,
        mask: (left.mask | right.mask) >>> 0,
      });
    }
  return result;
}

/** What is in `a` and not in `b`. */
export function subtractSet(a: ValueSet, b: ValueSet): ValueSet {
  let rest = a;
  for (const block of b) rest = rest.flatMap((piece) => subtractBlock(piece, block));
  return rest;
}

/** Whether all of `a` is in `b`. */
export function isSubset(a: ValueSet, b: ValueSet): boolean {
  return a.every((piece) => subtractSet([piece], b).length === 0);
}

/**
 * Splits off `piece` one half per bit that only `block` compares: the half that differs from `block` there stays. The highest bit comes
 * first, so that what is left of a range is ranges again; from below, it would fall apart into ever more pieces.
 */
function subtractBlock(piece: MaskedValue, block: MaskedValue): readonly MaskedValue[] {
  if (!maskedOverlap(piece, block)) return [piece];
  if (maskedContains(block, piece)) return [];
  const result: MaskedValue[] = [];
  let { value, mask } = piece;
  for (let bits = (block.mask & ~piece.mask) >>> 0; bits !== 0; ) {
    const bit = highestBit(bits);
    bits = (bits ^ bit) >>> 0;
    mask = (mask | bit) >>> 0;
    const same = ((value & ~bit) | (block.value & bit)) >>> 0;
    result.push({ value: (same ^ bit) >>> 0, mask });
    value = same;
  }
  return result;
}

function highestBit(value: number): number {
  return (1 << (31 - Math.clz32(value))) >>> 0;
}
