/** Largest block of a frame (RFC 8878, section 3.1.1.2.4). */
const mostOfBlock = 128 * 1024;

/**
 * Bytes as a Zstandard frame of blocks that are stored as they are (RFC 8878, section 3.1.1): what Node 20 can't make by itself, and every
 * decoder reads.
 */
export function zstdFrame(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt32LE(0xfd2fb528, 0);
  // A content size of four bytes, and no window but the last 128 KB: descriptor of 2^17 bytes.
  head.writeUInt8(0b1000_0000, 4);
  head.writeUInt8((17 - 10) << 3, 5);
  head.writeUInt32LE(bytes.length, 6);
  const parts: Uint8Array[] = [head];
  let start = 0;
  do {
    const block = bytes.subarray(start, start + mostOfBlock);
    start += block.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | Number(start >= bytes.length), 0, 3);
    parts.push(header, block);
  } while (start < bytes.length);
  return Buffer.concat(parts);
}
