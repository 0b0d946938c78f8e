/** A word of a line, with its offsets in the line's text. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Blanks that a paste may hold: ASCII, no-break, typographic and ideographic ones, and marks without a width. */
export function isBlank(unit: number): boolean {
  if (unit < 0x80) return unit === 32 || unit === 9;
  return unit === 0xa0 || unit === 0x3000 || unit === 0xfeff || (unit >= 0x2000 && unit <= 0x200b);
}

/** How many characters at `at` separate words: a blank, the backslash of `ip -o`, or an escape of a quoted dump (`\t`). */
function separatorLength(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit > 32 && unit < 0x80 && unit !== 92) return 0;
  if (isBlank(unit)) return 1;
  if (unit !== 92) return 0;
  const next = text[at + 1];
  return next === "t" || next === "n" || next === "r" ? 2 : 1;
}

/**
 * The words of a line from `from` on. What `ip` prints is ASCII; the first other character begins a remark, even glued to a
 * word as pastes from web pages have it (`linkdown复制`). The remark is the last word, to the end of the line.
 */
export function splitWords(text: string, from = 0): Word[] {
  const words: Word[] = [];
  let at = from;
  while (at < text.length) {
    const blanks = separatorLength(text, at);
    if (blanks > 0) {
      at += blanks;
      continue;
    }
    const start = at;
    if (text.charCodeAt(at) >= 0x80) {
      const rest = text.slice(start).trimEnd();
      words.push({ text: rest, start, end: start + rest.length });
      break;
    }
    while (at < text.length && text.charCodeAt(at) < 0x80 && separatorLength(text, at) === 0) at++;
    words.push({ text: text.slice(start, at), start, end: at });
  }
  return words;
}

/** Whether what begins with this word is somebody's remark behind a printed line, not a part of the line. */
export function beginsRemark(word: string): boolean {
  return word.charCodeAt(0) >= 0x80 || /^(?:[#"'`;(|*=]|\/\/|<-|<=|<<|--|->|=>|\.\.)/.test(word);
}

/** Whether a word stands where an author has blotted something out: `<redacted>`, `125.70.*.*`, `x.x.x.x/24`, `[REMOVED]`. */
export function isRedacted(word: string): boolean {
  if (/^[0-9a-fxX*.:/]+$/.test(word)) return /[*xX]/.test(word) && /[.:]/.test(word);
  return /^<[^<>]+>$|redacted|removed|masked|hidden|omitted/i.test(word);
}

/** Whether a word is a name, of a device or a table, and nothing else. States of neighbours are in capitals. */
export function isPlainName(word: string): boolean {
  return /^[a-z\d_.@:-]+$/.test(word) && !isRedacted(word);
}
