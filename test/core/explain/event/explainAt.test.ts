import assert from "node:assert/strict";
import { explainAt } from "../../../../server/src/core/explain/event/explainAt.js";
import { toPlainText } from "../../../../server/src/core/explain/toPlainText.js";
import { readCapture } from "../../../../server/src/core/monitor/readCapture.js";
import { captureVersion } from "../../../../server/src/core/monitor/version.js";
import { drawnCases } from "../../monitor/drawnCases.js";

describe("explainAt", () => {
  for (const { name, input, expected, unwanted } of drawnCases("monitor/hovers.txt")) {
    it(name, () => {
      const offset = input.indexOf("‸");
      const text = input.replace("‸", "");
      const [event] = readCapture("f", text).events;
      assert.ok(event);
      const found = explainAt(text, event, offset);
      assert.ok(found);
      const [token, ...wanted] = expected;
      assert.equal(text.slice(found.span.start, found.span.end), token);
      const said = toPlainText(found.explanation, Number.POSITIVE_INFINITY);
      for (const words of wanted) assert.ok(said.includes(words), `"${words}" is not in:\n${said}`);
      for (const words of unwanted) assert.ok(!said.includes(words), `"${words}" is in:\n${said}`);
    });
  }

  for (const { name, input, expected } of drawnCases("monitor/fields.txt")) {
    it(`every field of ${name}`, () => {
      const text = input.trimEnd();
      const [event] = readCapture("f", text).events;
      assert.ok(event);
      for (const line of expected) {
        const at = line.lastIndexOf(" | ");
        const [token, words] = [line.slice(0, at), line.slice(at + 3)];
        const start = text.indexOf(token);
        assert.ok(start >= 0, `"${token}" is not in the line`);
        const found = explainAt(text, event, start + Math.floor(token.length / 2));
        assert.ok(found);
        assert.equal(text.slice(found.span.start, found.span.end), token);
        const said = toPlainText(found.explanation, Number.POSITIVE_INFINITY);
        assert.ok(said.includes(words), `of "${token}" it does not say "${words}":\n${said}`);
      }
    });
  }

  it("says nothing outside of the event", () => {
    const text = '  {"type":"debug","message":"x"}复制';
    const [event] = readCapture("f", text).events;
    assert.ok(event);
    assert.equal(explainAt(text, event, 0), undefined);
    assert.equal(explainAt(text, event, text.indexOf("复")), undefined);
    assert.ok(explainAt(text, event, 2));
  });

  it("finds tokens in an event that was wrapped", () => {
    const text = '{"cpu":"CPU 01:","type":"trace","observationPoint":"to-st\nack","state":"reply"}';
    const [event] = readCapture("f", text).events;
    assert.ok(event);
    assert.equal(explainAt(text, event, text.indexOf("ack"))?.explanation.title, "observationPoint: to-stack");
    assert.equal(explainAt(text, event, text.indexOf("reply"))?.explanation.title, "state: reply");
  });

  it("names one source file where the version is known", () => {
    const text = '{"type":"drop","reason":"x","File":105}';
    const [event] = readCapture("f", text).events;
    assert.ok(event);
    const said = (minor: number) =>
      explainAt(text, event, text.indexOf("105"), { version: captureVersion([], () => true, minor) })?.explanation
        .sentences[0];
    assert.equal(said(19), "The drop was decided in lb.h, load balancing.");
    assert.equal(said(18), "The drop was decided in nodeport.h, load balancing and NAT.");
  });
});
