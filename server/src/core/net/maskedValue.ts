/**
 * A value compared under a mask, as the kernel compares fwmarks, DSCP, ports and flow labels:
 * `((actual ^ value) & mask) == 0` (net/core/fib_rules.c: fib_rule_match). Bits of `value` outside the mask are kept as
 * written and have no effect.
 */
export interface MaskedValue {
  /** Unsigned, at most 32 bits. */
  readonly value: number;
  readonly mask: number;
}

/** Whether `actual` matches. */
export function matchesMasked(selector: MaskedValue, actual: number): boolean {
  return ((actual ^ selector.value) & selector.mask) === 0;
}

/** Whether some number matches both. */
export function maskedOverlap(a: MaskedValue, b: MaskedValue): boolean {
  return ((a.value ^ b.value) & a.mask & b.mask) === 0;
}

/** Whether every number that matches `inner` matches `outer`. */
export function maskedContains(outer: MaskedValue, inner: MaskedValue): boolean {
  return (outer.mask & ~inner.mask) === 0 && ((outer.value ^ inner.value) & outer.mask) === 0;
}
