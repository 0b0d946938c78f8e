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

/** Node has a decoder of its own since 22.15; before, one in JavaScript does it. */
function unpackZstd(): Transform {
  const native = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native) return native();
  const transform: Transform = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      push(chunk, false, done);
    },
    flush(done: TransformCallback) {
      push(new Uint8Array(), true, done);
    },
  });
  const decoder = new Decompress((chunk) => transform.push(chunk));
  let isBegun = false;
  const push = (chunk: Uint8Array, isLast: boolean, done: TransformCallback): void => {
    try {
      // The decoder takes an empty last portion for a cut frame.
      if (chunk.length > 0) decoder.push(chunk, false);
      else if (isLast && !isBegun) decoder.push(chunk, true);
      isBegun = true;
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return transform;
}

/** A stream that unpacks what is written to it. */
export function unpacking(packing: Packing): Transform {
  if (packing === "gzip") return zlib.createGunzip();
  return packing === "zstd" ? unpackZstd() : new PassThrough();
}

/**
 * Writes a stream, unpacked, to a file, so that its lines can be read again.
 *
 * @throws what the stream, the decoder or the disk reports
 */
export async function unpackTo(path: string, source: Readable, packing: Packing, signal?: AbortSignal): Promise<void> {
  await pipeline(source, unpacking(packing), createWriteStream(path), signal ? { signal } : {});
}

/**
 * The first bytes of what is packed in a stream, at most so many. What comes before a break in it is used.
 *
 * @throws what the stream reports before anything was unpacked
 */
export async function unpackHead(source: Readable, packing: Packing, bytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const unpacked = source.pipe(unpacking(packing));
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
