import assert from "node:assert/strict";
import { createColumnsBuilder } from "../../../server/src/core/capture/columns/columnsBuilder.js";
import { createNames } from "../../../server/src/core/capture/columns/names.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { createNoticesBuilder, eventsOfNotices } from "../../../server/src/core/scan/notices.js";
import { otherEvent } from "../../../server/src/core/scan/otherEvent.js";
import { compiledScanner } from "../../../server/src/scanner/compiledScanner.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const scanner = compiledScanner(createNames());

const notices: Readonly<Record<string, string>> = {
  "a capture message": `{"cpu":"CPU 03:","type":"capture","mark":"0x9f3c11a7","message":"Delivery to ifindex 7","prefix":"-\\u003e lxc0a1b2c","source":1177,"bytes":4294967295,"summary":"10.244.1.10 -\\u003e 203.0.113.9 EchoRequest"}`,
  "a capture message without words": `{"cpu":"CPU 127:","type":"capture","mark":"0x0","message":"","prefix":"","source":0,"bytes":0,"summary":""}`,
  "a debug message": `{"cpu":"CPU 00:","type":"debug","message":"Conntrack lookup 1/2: src=10.244.1.10:40112 dst=203.0.113.9:443"}`,
};

/** The notice that the scanner takes a line for, with its place; `undefined` if it leaves the line to the readers. */
function scanned(bytes: Uint8Array) {
  scanner.clear();
  scanner.room(bytes.length).set(bytes);
  const end = scanner.scan(0, bytes.length, true, 0);
  if (end === 0) return undefined;
  assert.equal(end, bytes.length);
  assert.equal(scanner.rows, 0);
  const builder = createNoticesBuilder();
  scanner.move(createColumnsBuilder(8), builder);
  const found = eventsOfNotices("made", builder.finish());
  assert.equal(found.length, 1);
  return found[0];
}

/** Holds that a line, if it is taken for a notice, is that to the readers. Answers whether it is. */
function isSoundlyAccepted(bytes: Uint8Array): boolean {
  const notice = scanned(bytes);
  if (!notice) return false;
  const { events, problems, lines } = readCapture("made", decoder.decode(bytes));
  const read = { events: events.map(otherEvent), problems, lines };
  assert.deepEqual(read, { events: [notice], problems: [], lines: 1 }, decoder.decode(bytes));
  return true;
}

/** Bytes of every class that the scanner tells apart, the first and last of each. */
const telling = [...encoder.encode('\0\n\r "(),-/09:@AFG[\\]`afgz{}~\x7f'), 0x80];

describe("notices of the compiled scanner", () => {
  for (const [name, line] of Object.entries(notices)) {
    const bytes = encoder.encode(line);

    it(`are read of ${name}`, () => {
      assert.ok(isSoundlyAccepted(bytes));
    });

    it(`are not read of ${name} where it is cut`, () => {
      for (let end = 0; end < bytes.length; end++) {
        assert.equal(scanned(bytes.slice(0, end)), undefined, `cut at ${end}`);
        if (end > 0) assert.equal(scanned(bytes.slice(end)), undefined, `begun at ${end}`);
      }
    });

    it(`mean the same to the readers with any byte of ${name} changed, removed, doubled or put in`, () => {
      let accepted = 0;
      for (let at = 0; at <= bytes.length; at++) {
        const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
        for (const byte of telling) {
          if (isSoundlyAccepted(Uint8Array.from([...before, byte, ...behind.subarray(1)]))) accepted++;
          if (isSoundlyAccepted(Uint8Array.from([...before, byte, ...behind]))) accepted++;
        }
        isSoundlyAccepted(Uint8Array.from([...before, ...behind.subarray(1)]));
        isSoundlyAccepted(Uint8Array.from([...bytes.subarray(0, at + 1), ...behind]));
      }
      assert.ok(accepted > 100, `${accepted} lines were read`);
    });

    it(`mean the same to the readers with other numbers in ${name}`, () => {
      const values = ["", "0", "00", "7", "-1", "65535", "65536", "99999", "4294967295", "4294967296", "1.5", "1e3"];
      for (const { index, 0: digits } of line.matchAll(/[\da-f]+/g)) {
        for (const value of values) {
          isSoundlyAccepted(encoder.encode(line.slice(0, index) + value + line.slice(index + digits.length)));
        }
      }
    });
  }
});
