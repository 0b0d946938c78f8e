/** Longest stretch of the input that is shown in one piece. */
const longest = 160;

/**
 * Text of the input made safe to show on one line: control characters, which could drive a terminal, and characters that reorder
 * text (Unicode's bidirectional controls) are written as their numbers, line ends and tabs as blanks, and long texts end in `…`.
 */
export function visibleText(text: string, limit = longest): string {
  const cut = text.length > limit ? `${text.slice(0, splitPoint(text, limit))}…` : text;
  return cut
    .replace(/[\t\r\n\u2028\u2029]/g, " ")
    .replace(/[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
}

/** Does not cut a surrogate pair apart. */
function splitPoint(text: string, limit: number): number {
  const last = text.charCodeAt(limit - 1);
  return last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
}
