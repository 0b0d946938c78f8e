/**
 * What terminals, pagers and crashed writers put between the characters of a line and what is no part of it: ANSI control
 * sequences (ECMA-48 CSI and OSC), NUL, a byte order mark, and the line ends of a line that was wrapped.
 */
// Each alternative starts at a character that the others can't continue over, so a search is linear.
const noise = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x1b\0\r\n\ufeff]/g;
const noiseHere = new RegExp(noise.source, "y");

/** The text without noise. */
export function withoutNoise(text: string): string {
  return text.replace(noise, "");
}

/** The offset behind the noise that begins at `at`; `at` itself where none begins. */
export function skipNoise(text: string, at: number): number {
  while (isNoiseStart(text.charCodeAt(at))) {
    noiseHere.lastIndex = at;
    if (!noiseHere.test(text)) break;
    at = noiseHere.lastIndex;
  }
  return at;
}

/** The offset behind noise, blanks and tabs that begin at `at`. */
export function skipBlank(text: string, at: number): number {
  for (;;) {
    const unit = text.charCodeAt(at);
    const next = unit === 32 || unit === 9 ? at + 1 : skipNoise(text, at);
    if (next === at) return at;
    at = next;
  }
}

function isNoiseStart(unit: number): boolean {
  return unit === 0x1b || unit === 0 || unit === 13 || unit === 10 || unit === 0xfeff;
}
