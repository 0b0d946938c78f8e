import assert from "node:assert/strict";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { drawnCases } from "./drawnCases.js";
import { eventLine } from "./eventLine.js";

/**
 * Draws what was read in the order of the text: `event ...`, `remark "text"`, `problem "text": message`. A long text is drawn by its
 * first 40 characters.
 */
function draw(text: string): string[] {
  const { events, problems, remarks } = readCapture("capture.log", text);
  const excerpt = (start: number, end: number) => JSON.stringify(text.slice(start, Math.min(end, start + 40)));
  const drawn = [
    ...events.map((event) => ({ at: event.place.start, line: `event ${eventLine(event)}` })),
    ...problems.map(({ place, message }) => ({
      at: place.start,
      line: `problem ${excerpt(place.start, place.end)}: ${message}`,
    })),
    ...remarks.map(({ start, end }) => ({ at: start, line: `remark ${excerpt(start, end)}` })),
  ];
  return drawn.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

describe("readCapture", () => {
  for (const fixture of ["captures", "hubble", "pwru"]) {
    for (const { name, input, expected } of drawnCases(`monitor/${fixture}.txt`)) {
      it(`${fixture}: ${name}`, () => assert.deepEqual(draw(input), expected));
    }
  }

  it("counts lines", () => {
    assert.equal(readCapture("f", "").lines, 0);
    assert.equal(readCapture("f", "a\nb\r\nc").lines, 3);
  });

  it("gives a wrapped event the place from its first to its last brace", () => {
    const text = '# wrapped\n{"cpu":"CPU 01:","type":"debug","mess\nage":"Going to host"}复制\n# end\n';
    const { events, remarks } = readCapture("f", text);
    assert.deepEqual(
      events.map(({ place }) => text.slice(place.start, place.end)),
      ['{"cpu":"CPU 01:","type":"debug","mess\nage":"Going to host"}'],
    );
    assert.deepEqual(
      remarks.map(({ start, end }) => text.slice(start, end)),
      ["# wrapped", "# end"],
    );
  });
});
