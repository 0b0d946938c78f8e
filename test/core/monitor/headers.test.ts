import assert from "node:assert/strict";
import { parseConnection } from "../../../server/src/core/monitor/connection.js";
import type { PacketHeaders } from "../../../server/src/core/monitor/event.js";
import { layerFields } from "../../../server/src/core/monitor/layerFields.js";
import { readHeaders } from "../../../server/src/core/monitor/layers.js";
import { drawnCases } from "./drawnCases.js";
import { headersLine } from "./eventLine.js";

const draw = (headers: PacketHeaders | undefined) => (headers ? headersLine(headers) : "none");

describe("readHeaders", () => {
  for (const { name, input, expected } of drawnCases("monitor/headers.txt")) {
    it(name, () => assert.deepEqual([draw(readHeaders(JSON.parse(input)))], expected));
  }
});

describe("parseConnection", () => {
  for (const { name, input, expected } of drawnCases("monitor/connections.txt")) {
    it(name, () => assert.deepEqual([draw(parseConnection(input))], expected));
  }
});

describe("layerFields", () => {
  it("gives the places of names and values in the layer's text", () => {
    const text = "IPv4\t{Flags= TTL=62 Options=[a, (b c)] SrcIP=192.0.2.1}";
    assert.deepEqual(
      layerFields(text).map(({ nameSpan, valueSpan }) => [
        text.slice(nameSpan.start, nameSpan.end),
        text.slice(valueSpan.start, valueSpan.end),
      ]),
      [
        ["Flags", ""],
        ["TTL", "62"],
        ["Options", "[a, (b c)]"],
        ["SrcIP", "192.0.2.1"],
      ],
    );
  });

  it("reads a text that breaks off as far as it goes", () => {
    const names = (text: string) => layerFields(text).map(({ name, value }) => `${name}=${value}`);
    assert.deepEqual(names("IPv4\t{TTL=62 Options=[a, b"), ["TTL=62", "Options=[a, b"]);
    assert.deepEqual(names("IPv4\t{TTL=6"), ["TTL=6"]);
    assert.deepEqual(names("IPv4\t{TTL"), []);
    assert.deepEqual(names("IPv4"), []);
    assert.deepEqual(names("{a b=c}"), ["b=c"]);
  });
});
