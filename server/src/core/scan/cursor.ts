/** What the reading functions below found, beside the position they return. One object for a scanner: a result object for each would cost more than all else. */
export interface Found {
  /** The number read. */
  value: number;
  /** The hash of the token read (see `byteNames`). */
  hash: number;
}

/** A position that no line has: what should stand here does not. */
export const amiss = -1;

/** Bytes of JSON's own characters. */
export const quote = 0x22;
export const comma = 0x2c;
export const brace = 0x7d;

/** Classes of bytes. Inside JSON strings nothing but these and `\t` in front of a layer is read here; all else goes the long way. */
const plain = 1;
const digit = 2;
/** Of a word: what ends a field of gopacket's text, opens a bracket, or is no plain character, is not. */
const word = 4;

const classes = new Uint8Array(256);
for (let byte = 0x20; byte < 0x7f; byte++) {
  const character = String.fromCharCode(byte);
  if (character !== '"' && character !== "\\") classes[byte] = plain;
  if (/[0-9]/.test(character)) classes[byte] = plain | digit | word;
  if (/[A-Za-z_.:|+*/,-]/.test(character)) classes[byte] = plain | word;
}

/** Bytes that can also be read four at a time, which is how most of a line is compared. */
export interface ByteText {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function byteText(bytes: Uint8Array): ByteText {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** Words of a line that are the same in every line, of at least four characters. */
export interface Literal {
  readonly length: number;
  /** Four characters each, the first in the lowest byte; the last of them overlaps the one before where the length asks for it. */
  readonly quads: Int32Array;
}

/** @param text ASCII, at least four characters */
export function literal(text: string): Literal {
  const quads = Array.from({ length: Math.ceil(text.length / 4) }, (_, index) => {
    const start = Math.min(index * 4, text.length - 4);
    return [3, 2, 1, 0].reduce((quad, offset) => (quad << 8) | text.charCodeAt(start + offset), 0);
  });
  return { length: text.length, quads: Int32Array.from(quads) };
}

/** The position behind `literal` where it stands at `at`. */
export function skipLiteral({ view }: ByteText, at: number, { length, quads }: Literal): number {
  const end = at + length;
  if (end > view.byteLength) return amiss;
  const last = quads.length - 1;
  for (let index = 0; index < last; index++) {
    if (view.getInt32(at + index * 4, true) !== quads[index]) return amiss;
  }
  return view.getInt32(end - 4, true) === quads[last] ? end : amiss;
}

/** The position behind two bytes. */
export function skipPair({ bytes }: ByteText, at: number, first: number, second: number): number {
  return bytes[at] === first && bytes[at + 1] === second ? at + 2 : amiss;
}

/** The position behind the text that stood between `from` and `to`, where it stands again at `at`. */
export function skipSame({ bytes }: ByteText, at: number, from: number, to: number): number {
  for (let index = from; index < to; index++) if (bytes[at + index - from] !== bytes[index]) return amiss;
  return at + to - from;
}

/** Reads one to `most` decimal digits (at most 10). */
export function readDigits({ bytes }: ByteText, at: number, most: number, found: Found): number {
  let value = 0;
  let end = at;
  for (;;) {
    const byte = (bytes[end] ?? 0) - 48;
    if (byte < 0 || byte > 9) break;
    value = value * 10 + byte;
    end++;
  }
  found.value = value;
  return end === at || end - at > most ? amiss : end;
}

/** Reads a whole number as JSON writes it, which has no leading zeros, of at most 10 digits. */
export function readNumber(text: ByteText, at: number, found: Found): number {
  const end = readDigits(text, at, 10, found);
  return text.bytes[at] === 48 && end !== at + 1 ? amiss : end;
}

/** Reads one to eight hexadecimal digits. */
export function readHex({ bytes }: ByteText, at: number, found: Found): number {
  let value = 0;
  let end = at;
  for (;;) {
    const byte = bytes[end] ?? 0;
    const lower = byte | 0x20;
    if (byte >= 48 && byte <= 57) value = value * 16 + byte - 48;
    else if (lower >= 97 && lower <= 102) value = value * 16 + lower - 87;
    else break;
    end++;
  }
  found.value = value;
  return end === at || end - at > 8 ? amiss : end;
}

/** The end of a run of bytes of one class, mixed into a hash. */
function readRun({ bytes }: ByteText, at: number, kind: number, found: Found): number {
  let hash = 0x811c9dc5 | 0;
  let end = at;
  for (;;) {
    const byte = bytes[end] ?? 0;
    if (((classes[byte] ?? 0) & kind) === 0) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
    end++;
  }
  found.hash = hash;
  return end;
}

/** Reads the plain characters of a JSON string, up to its quote or to what is not plain. */
export function readPlain(text: ByteText, at: number, found: Found): number {
  return readRun(text, at, plain, found);
}

/** Reads a word of gopacket's text. */
export function readWord(text: ByteText, at: number, found: Found): number {
  return readRun(text, at, word, found);
}

/** The position behind the plain characters at `at`. */
export function skipPlain({ bytes }: ByteText, at: number): number {
  while (((classes[bytes[at] ?? 0] ?? 0) & plain) !== 0) at++;
  return at;
}

/** The position behind a word of gopacket's text. */
export function skipWord({ bytes }: ByteText, at: number): number {
  while (((classes[bytes[at] ?? 0] ?? 0) & word) !== 0) at++;
  return at;
}

/** The position behind a list in brackets, with all that is nested in it, of plain characters. */
export function skipBrackets({ bytes }: ByteText, at: number): number {
  if (bytes[at] !== 0x5b) return amiss;
  let depth = 0;
  for (; ; at++) {
    const byte = bytes[at] ?? 0;
    if (((classes[byte] ?? 0) & plain) === 0) return amiss;
    if (byte === 0x5b || byte === 0x28 || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x29 || byte === 0x7d) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
}
