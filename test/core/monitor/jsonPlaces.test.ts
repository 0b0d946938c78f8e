import assert from "node:assert/strict";
import { decodeJsonString, jsonPlaceAt, jsonPlaceOf } from "../../../server/src/core/monitor/jsonPlaces.js";

/** Where the cursor `‸` stands in the text: path and value, as `a.0.b = text`. */
function at(drawn: string): string {
  const offset = drawn.indexOf("‸");
  const text = drawn.replace("‸", "");
  const place = jsonPlaceAt(text, { start: 0, end: text.length }, offset);
  return place ? `${place.path.join(".")} = ${text.slice(place.value.start, place.value.end)}` : "none";
}

describe("jsonPlaceAt", () => {
  const cases: readonly (readonly [drawn: string, expected: string])[] = [
    ['{"a":‸1,"b":{"c":[true,"x"]}}', "a = 1"],
    ['{"‸a":1}', "a = 1"],
    ['{"a"‸:1}', "a = 1"],
    ['{"a":1‸,"b":2}', ' = {"a":1,"b":2}'],
    ['{"b":{"c":[true,"x‸"]}}', 'b.c.1 = "x"'],
    ['{"b":{"c":[true‸,"x"]}}', 'b.c = [true,"x"]'],
    ['{"b":{"c":‸[true,"x"]}}', 'b.c = [true,"x"]'],
    ['{"b":‸ {"c":1}}', 'b = {"c":1}'],
    ['{"a\\"b":"c\\\\‸"}', 'a"b = "c\\\\"'],
    ['‸{"a":1}', ' = {"a":1}'],
    ['{"a":{"b":"cut o‸ff', 'a.b = "cut off'],
    ['{"a":{"b":"c"‸ ', 'a = {"b":"c" '],
    ['{"a":1}‸', "none"],
    ["‸", "none"],
    ["nonsen‸se", " = nonsense"],
    ['{"a":"wra\npp‸ed"}', 'a = "wra\npped"'],
  ];
  for (const [drawn, expected] of cases) it(JSON.stringify(drawn), () => assert.equal(at(drawn), expected));
});

describe("jsonPlaceOf", () => {
  const text = '{"a":{"b":[10,{"c":"x"}]},"a.b":3}';
  const of = (...path: (string | number)[]) => {
    const place = jsonPlaceOf(text, { start: 0, end: text.length }, path);
    return place && text.slice(place.value.start, place.value.end);
  };

  it("finds values by their path", () => {
    assert.equal(of("a", "b", 0), "10");
    assert.equal(of("a", "b", 1, "c"), '"x"');
    assert.equal(of("a.b"), "3");
    assert.equal(of("nothing"), undefined);
    assert.equal(of(), text);
  });
});

describe("decodeJsonString", () => {
  it("gives each unit its place in the text", () => {
    const text = '"\\u003c-\\t\\"x"';
    const { value, offsets } = decodeJsonString(text, { start: 0, end: text.length });
    assert.equal(value, '<-\t"x');
    assert.deepEqual(offsets, [1, 7, 8, 10, 12, 13]);
  });

  it("steps over line ends and colours, and stands a broken escape for itself", () => {
    const read = (text: string) => decodeJsonString(text, { start: 0, end: text.length }).value;
    assert.equal(read('"a\nb\x1b[31mc"'), "abc");
    assert.equal(read('"\\u00"'), "u00");
    assert.equal(read('"cut \\'), "cut ");
  });
});
