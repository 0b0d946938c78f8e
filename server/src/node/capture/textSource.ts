import type { TextSource } from "../../core/scan/otherLines.js";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** How the bytes of a file are read as text. */
export function textSource(file: string): TextSource {
  return { file, decode: (bytes) => decoder.decode(bytes) };
}
