import assert from "node:assert/strict";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import {
  captureVersion,
  inferVersion,
  parseCiliumVersion,
  versionWords,
} from "../../../server/src/core/monitor/version.js";

/** The range as `12..18`, `..` where open, `!` where the evidence contradicts itself. */
function versions(text: string): string {
  const { events } = readCapture("f", text);
  const { since, until, conflicting } = inferVersion(events, ({ place }) => text.charAt(place.start) === "{");
  return `${since ?? ""}..${until ?? ""}${conflicting ? "!" : ""}`;
}

describe("inferVersion", () => {
  const cases: readonly (readonly [text: string, range: string])[] = [
    ["", ".."],
    ['{"type":"debug","message":"x"}', ".."],
    ['{"type":"trace","observationPoint":"to-stack","state":"unknown"}', "12..18"],
    ['{"type":"trace","observationPoint":"from-host","state":"new"}', "..11"],
    ['{"type":"trace","observationPoint":"to-stack","state":"new"}', "..18"],
    ['{"type":"trace","observationPoint":"to-stack","state":"new","IpTraceID":0}', "19.."],
    ['{"type":"trace","observationPoint":"to-crypto"}', "17..18"],
    ['{"type":"drop","reason":"Policy denied","File":2,"Line":3}', "12.."],
    ['{"type":"drop","reason":"Policy denied"}', "..12"],
    ['{"type":"drop","reason":"CT: Missing TCP ACK flag"}', "..9"],
    ['{"type":"drop","reason":"No Egress IP configured","File":2}', "16.."],
    [
      "Policy verdict log: flow 0x0 local EP ID 1, remote ID 2, proto 6, ingress, action allow, auth: disabled, match all, a",
      "14..",
    ],
    ["Policy verdict log: flow 0x0 local EP ID 1, remote ID 2, proto 6, ingress, action allow, match all, a", "..13"],
    ['{"type":"agent","subtype":"Service upserted","message":{}}', "..17"],
    ["-> overlay flow 0x6 , identity 1->2 [ ip-trace-id = 5 ] state new ifindex 0 orig-ip ::: a", "19.."],
    ["-> overlay flow 0x6 , identity 1->2 state new ifindex 0 orig-ip ::: a", ".."],
    ['{"type":"drop","reason":"x"}\n{"type":"trace","observationPoint":"to-crypto"}', "17..12!"],
  ];
  for (const [text, range] of cases)
    it(`${range} ${JSON.stringify(text.slice(0, 70))}`, () => assert.equal(versions(text), range));

  it("names each kind of evidence once, with the first event that shows it", () => {
    const line = '{"type":"trace","observationPoint":"to-stack","state":"unknown"}\n';
    const { events } = readCapture("f", line + line);
    const { evidence } = inferVersion(events, () => true);
    assert.deepEqual(
      evidence.map(({ statement, place }) => [statement, place.start]),
      [
        ["Trace messages without IpTraceID are older than 1.19.", 0],
        ["The state unknown exists since 1.12.", 0],
      ],
    );
  });
});

describe("captureVersion", () => {
  const text = '{"type":"trace","observationPoint":"to-stack","state":"unknown"}';
  const of = (setting?: number) => captureVersion(readCapture("f", text).events, () => true, setting);

  it("is what the setting says, whatever the capture tells", () => {
    const { since, until, source, evidence } = of(9);
    assert.deepEqual([since, until, source, evidence.length], [9, 9, "setting", 0]);
    assert.equal(versionWords(of(9)), "1.9, as the setting says");
  });

  it("is else inferred, and said with its evidence", () => {
    assert.equal(of().source, "capture");
    assert.equal(
      versionWords(of()),
      "1.12 to 1.18: Trace messages without IpTraceID are older than 1.19. The state unknown exists since 1.12.",
    );
    assert.equal(versionWords(captureVersion([], () => true)), undefined);
  });

  it("is read as people write it", () => {
    const read = ["1.16", "v1.16.3", " 1.20.0-pre.1 ", "1.9"].map(parseCiliumVersion);
    assert.deepEqual(read, [16, 16, 20, 9]);
    assert.deepEqual(["", "16", "2.0", "1.", "latest", "1.16 or so"].map(parseCiliumVersion), Array(6).fill(undefined));
  });
});
