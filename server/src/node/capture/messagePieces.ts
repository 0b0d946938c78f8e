import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { packingOf, unpacking } from "./unpack.js";

/** Part of a text that can be read by itself: no event goes on from it into the next. */
export interface Piece {
  readonly text: string;
  /** How many lines stand before it. */
  readonly firstLine: number;
}

/** Characters that are waited for before a piece is cut off. A pipe gives less at a time, and is not kept waiting. */
const pieceLength = 1 << 20;

/** Where no message begins, a piece is cut at any line once it is so long. */
const longestPiece = 8 << 20;

/** Where the last message begins that stands behind the text's first line; -1 if there is none. */
function lastMessage(text: string): number {
  return Math.max(text.lastIndexOf('\n{"cpu":"'), text.lastIndexOf('\n{"type":"')) + 1 || -1;
}

/** Whether a text ends with a line that nothing goes on from: one of text, or one that closes a message. */
function isComplete(text: string): boolean {
  const lastLine = text.slice(text.lastIndexOf("\n", text.length - 2) + 1);
  return text.endsWith("\n") && (!lastLine.startsWith("{") || lastLine.trimEnd().endsWith("}"));
}

function cutOf(text: string): number {
  const message = lastMessage(text);
  return message > 0 || text.length < longestPiece ? message : text.lastIndexOf("\n") + 1;
}

function countLines(text: string): number {
  return (text.match(/\r\n|\r|\n/g) ?? []).length;
}

/**
 * Cuts a stream of monitor output in front of messages, unpacking it where it is packed.
 *
 * @param isLive whether somebody waits for what the stream gives: then each whole message is passed on at once
 */
export async function* messagePieces(stream: Readable, isLive = false): AsyncGenerator<Piece> {
  const decoder = new StringDecoder("utf8");
  let held = "";
  let firstLine = 0;
  for await (const bytes of unpacked(stream)) {
    held += decoder.write(bytes);
    if (held.length < pieceLength && !isLive) continue;
    const cut = isLive && isComplete(held) ? held.length : cutOf(held);
    if (cut <= 0) continue;
    const text = held.slice(0, cut);
    yield { text, firstLine };
    firstLine += countLines(text);
    held = held.slice(cut);
  }
  held += decoder.end();
  if (held !== "") yield { text: held, firstLine };
}

/** The bytes of a stream, unpacked as its first ones tell. */
async function* unpacked(stream: Readable): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  if (first.done) return;
  const packing = packingOf(first.value);
  const rest = { [Symbol.asyncIterator]: () => chunks };
  if (packing === "none") {
    yield first.value;
    yield* rest;
    return;
  }
  const decoder = unpacking(packing, true);
  const feed = async (): Promise<void> => {
    decoder.write(first.value);
    for await (const chunk of rest)
      if (!decoder.write(chunk)) await new Promise((resolve) => decoder.once("drain", resolve));
    decoder.end();
  };
  feed().catch((error: Error) => decoder.destroy(error));
  yield* decoder as AsyncIterable<Buffer>;
}
