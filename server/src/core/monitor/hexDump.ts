/** A line of Go's hex.Dump: an offset, up to 16 bytes, and the same as characters. */
const dumpLine = /^([0-9a-f]{8}) {2}((?:[0-9a-f]{2} {1,2}){1,16}) *\|.{1,16}\|$/;

/** The bytes in a line of a hex dump (encoding/hex.Dump of Go, as `--hex` prints packets), with the offset of the first. */
export function readHexLine(line: string): { readonly offset: number; readonly bytes: readonly number[] } | undefined {
  const [, offset = "", digits = ""] = dumpLine.exec(line) ?? [];
  if (offset === "") return undefined;
  return {
    offset: Number.parseInt(offset, 16),
    bytes: digits
      .trim()
      .split(/ {1,2}/)
      .map((byte) => Number.parseInt(byte, 16)),
  };
}
