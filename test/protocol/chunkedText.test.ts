import assert from "node:assert/strict";
import { TextDocument } from "vscode-languageserver-textdocument";
import { mayCutBefore } from "../../server/src/core/index.js";
import {
  type ChunkedText,
  chunkText,
  offsetIn,
  positionIn,
  replaceIn,
  sliceOf,
} from "../../server/src/lsp/document/chunkedText.js";
import { madeLines, usualRecipe } from "../bench/capture/madeCapture.js";
import { seededRandom } from "../core/scan/seededRandom.js";

function madeLog(length: number): string {
  const lines: string[] = [];
  let size = 0;
  for (const line of madeLines({ ...usualRecipe, others: 0.1 })) {
    lines.push(line);
    size += line.length + 1;
    if (size > length) break;
  }
  return `${lines.join("\n")}\n`;
}

function whole(text: ChunkedText): string {
  return sliceOf(text, 0, text.length);
}

function assertChunks({ chunks }: ChunkedText): void {
  for (const [index, { text }] of chunks.entries()) {
    if (index > 0) assert.ok(mayCutBefore(text, 0, chunks[index - 1]?.text.includes("{") ?? false), `chunk ${index}`);
  }
}

describe("a text in chunks", function () {
  this.timeout(60_000);
  const log = madeLog(1_200_000);

  it("is cut before messages only, and nowhere where none is", () => {
    const text = chunkText(log);
    assert.ok(text.chunks.length >= 3, `${text.chunks.length} chunks`);
    assert.equal(whole(text), log);
    assertChunks(text);
    assert.equal(chunkText("32766: from all lookup main\n".repeat(40_000)).chunks.length, 1);
  });

  it("keeps the chunks that an edit does not touch", () => {
    const text = chunkText(log);
    const edited = replaceIn(text, 700_000, 700_000, "x");
    const kept = edited.chunks.filter((chunk) => text.chunks.includes(chunk));
    assert.equal(kept.length, text.chunks.length - 1);
    const longer = replaceIn(text, text.length, text.length, log);
    assert.deepEqual(longer.chunks.slice(0, text.chunks.length), text.chunks);
  });

  it("follows any edits, and counts lines and offsets as the protocol does", () => {
    const random = seededRandom(5);
    const pieces = [
      "",
      "x",
      "\n",
      "\r\n",
      "{",
      '{"cpu":"CPU 00:","type":"debug","message":"m"}\n',
      "é\u{1f600}\n",
      log.slice(0, 300_000),
    ];
    for (let round = 0; round < 6; round++) {
      let document = TextDocument.create("file:///f", "plaintext", 1, log);
      let text = chunkText(log);
      for (let edit = 0; edit < 12; edit++) {
        const { length } = text;
        const start = random() % 4 ? random() % (length + 1) : (text.starts[random() % text.starts.length] ?? 0);
        const end = Math.min(length, start + (random() % 3 ? random() % 4 : random() % 600_000));
        const piece = pieces[random() % pieces.length] ?? "";
        const range = { start: document.positionAt(start), end: document.positionAt(end) };
        document = TextDocument.update(document, [{ range, text: piece }], edit + 2);
        text = replaceIn(text, offsetIn(text, range.start), offsetIn(text, range.end), piece);
        assert.equal(whole(text), document.getText());
        assertChunks(text);
        for (let probe = 0; probe < 20; probe++) {
          const offset = random() % (text.length + 1);
          const position = positionIn(text, offset);
          assert.equal(offsetIn(text, position), document.offsetAt(position));
          const far = { line: position.line, character: random() % 5000 };
          assert.equal(offsetIn(text, far), document.offsetAt(far));
        }
      }
    }
  });
});
