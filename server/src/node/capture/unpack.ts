import { createWriteStream } from "node:fs";
import { PassThrough, type Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";
import { Decompress } from "fzstd";

export type Packing = "gzip" | "zstd" | "none";

/** How a file is packed, as its first bytes tell (RFC 1952 section 2.3.1, RFC 8878 section 3.1.1). */
export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  return isZstd ? "zstd" : "none";
}

/**
 * Node has a decoder of its own since 22.15; before, one in JavaScript does it.
 *
 * @param isWhole whether it is an error if the stream ends within a frame
 */
function unpackZstd(isWhole: boolean): Transform {
  const native = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native) return native();
  const transform: Transform = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      done(push(held) ?? push(chunk.subarray(0, -1)));
      held = chunk.subarray(-1);
    },
    flush(done: TransformCallback) {
      done(push(held, isWhole));
    },
  });
  const decoder = new Decompress((chunk) => transform.push(chunk));
  // The decoder looks for the end of a frame only in a last portion that is not empty, so that a byte is kept for that.
  let held: Uint8Array = new Uint8Array();
  const push = (chunk: Uint8Array, isLast = false): Error | null => {
    if (chunk.length === 0 && !isLast) return null;
    try {
      decoder.push(chunk, isLast);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return transform;
}

/**
 * A stream that unpacks what is written to it.
 *
 * @param isWhole whether that is all of a file, and not only its beginning
 */
export function unpacking(packing: Packing, isWhole: boolean): Transform {
  if (packing === "gzip") return zlib.createGunzip();
  return packing === "zstd" ? unpackZstd(isWhole) : new PassThrough();
}

/**
 * Writes a stream, unpacked, to a file, so that its lines can be read again.
 *
 * @throws what the stream, the decoder or the disk reports
 */
export async function unpackTo(path: string, source: Readable, packing: Packing, signal?: AbortSignal): Promise<void> {
  await pipeline(source, unpacking(packing, true), createWriteStream(path), signal ? { signal } : {});
}

/**
 * The first bytes of what is packed in a stream, at most so many. What comes before a break in it is used.
 *
 * @throws what the stream reports before anything was unpacked
 */
export async function unpackHead(source: Readable, packing: Packing, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const unpacked = source.pipe(unpacking(packing, false));
  source.on("error", (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bytes) break;
    }
  } catch (error) {
    if (length === 0) throw error;
  } finally {
    source.destroy();
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}
