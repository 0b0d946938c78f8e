import assert from "node:assert/strict";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type DocumentPosition, editPart } from "../../client/src/sentPart.js";
import { seededRandom } from "../core/scan/seededRandom.js";

/** A text whose first lines were sent, as `one two|three`. */
function parse(drawn: string): { readonly text: string; readonly sent: string; readonly end: DocumentPosition } {
  const at = drawn.indexOf("|");
  const text = drawn.replace("|", "");
  return { text, sent: text.slice(0, at), end: TextDocument.create("f:f", "", 1, text).positionAt(at) };
}

describe("editing a document of which the server has the beginning", () => {
  it("keeps what the server has a beginning of the document, whatever is edited", () => {
    const random = seededRandom(9);
    const pieces = ["", "x", "\n", "one\ntwo\n", "a\nb"];
    let straddling = 0;
    for (let round = 0; round < 3000; round++) {
      const { text, sent, end } = parse("first\nsecond\nthird|\nfourth\nfifth");
      let own = TextDocument.create("f:f", "", 1, sent);
      let document = TextDocument.create("f:f", "", 1, text);
      let known: DocumentPosition = end;
      for (let edit = 0; edit < 4; edit++) {
        const length = document.getText().length;
        const from = random() % (length + 1);
        const to = Math.min(length, from + (random() % 8));
        const range = { start: document.positionAt(from), end: document.positionAt(to) };
        const piece = pieces[random() % pieces.length] ?? "";
        const border = document.offsetAt(known);
        if (from < border && to > border) straddling++;
        const part = editPart({ ...range, text: piece }, known);
        document = TextDocument.update(document, [{ range, text: piece }], edit + 2);
        if (part.edit) {
          const { start, end: behind, text: inserted } = part.edit;
          own = TextDocument.update(own, [{ range: { start, end: behind }, text: inserted }], edit + 2);
        }
        known = part.end;
        assert.equal(own.getText(), document.getText().slice(0, document.offsetAt(known)));
      }
    }
    assert.ok(straddling > 100);
  });
});
