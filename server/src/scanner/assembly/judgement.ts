/**
 * Whether the line that is being read is as usual. Reading does not stop where it is not: comparing without a branch is faster, and whoever
 * reads a line asks at its end. Every step passes over a bounded number of bytes, so a line that is not as usual leads nowhere far.
 */
let differences: v128 = i64x2.splat(0);
let isRefused: bool = false;

/** Begins a line. */
export function beginJudgement(): void {
  differences = i64x2.splat(0);
  isRefused = false;
}

/** Takes up bits that are all 0 if the line is as usual. */
export function takeDifferences(bits: v128): void {
  differences = v128.or(differences, bits);
}

/** Takes the line for unusual if the condition holds. */
export function refuseIf(condition: bool): void {
  isRefused = isRefused || condition;
}

/** Whether all that was read since `beginJudgement` is as usual. */
export function isUsual(): bool {
  return !(isRefused || v128.any_true(differences));
}
