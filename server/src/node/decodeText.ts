const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Encodings by the bytes of their mark (Unicode 16, section 23.8); what has none is UTF-8. */
const marked = [
  { bytes: [0xff, 0xfe], decoder: new TextDecoder("utf-16le") },
  { bytes: [0xfe, 0xff], decoder: new TextDecoder("utf-16be") },
] as const;

/**
 * The text of a file, in the encoding that its byte order mark names: UTF-16, as PowerShell's `>` writes it, or UTF-8. What is malformed is
 * replaced, so that nothing before and behind it is lost.
 */
export function decodeText(bytes: Uint8Array): string {
  const found = marked.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  return (found?.decoder ?? utf8).decode(bytes);
}
