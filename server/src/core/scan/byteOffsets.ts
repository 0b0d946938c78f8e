function isAscii(code: number): boolean {
  return code < 0x80;
}

/**
 * Byte offsets of positions in a text that was decoded from `bytes` as UTF-8, malformed bytes replaced. ASCII characters stand for themselves
 * wherever they are (WHATWG Encoding, UTF-8 decoder), so the nth one of the text is the nth one of the bytes, also among malformed ones.
 * Of a position between characters of other alphabets the one behind the last ASCII character is taken.
 *
 * @param text what the bytes were decoded to
 * @returns the byte offset of a position; positions must be asked for in ascending order, and all together take one pass
 */
export function byteOffsets(bytes: Uint8Array, text: string): (position: number) => number {
  if (text.length === bytes.length) return (position) => position;
  let position = 0;
  let offset = 0;
  return (asked) => {
    while (position < asked) {
      const isCharacter = isAscii(text.charCodeAt(position));
      position++;
      if (!isCharacter) continue;
      while (offset < bytes.length && !isAscii(bytes[offset] ?? 0)) offset++;
      offset++;
    }
    let at = offset;
    if (isAscii(text.charCodeAt(asked))) while (at < bytes.length && !isAscii(bytes[at] ?? 0)) at++;
    return at;
  };
}
