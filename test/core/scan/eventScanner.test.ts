import assert from "node:assert/strict";
import { createColumnsBuilder } from "../../../server/src/core/capture/columns/columnsBuilder.js";
import { columnsOfEvents } from "../../../server/src/core/capture/columns/columnsOfEvents.js";
import { createNames } from "../../../server/src/core/capture/columns/names.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { captureScanner } from "../../../server/src/core/scan/captureScanner.js";
import { createNoticesBuilder } from "../../../server/src/core/scan/notices.js";
import { compiledScanner } from "../../../server/src/scanner/compiledScanner.js";
import { rowTexts } from "./rowTexts.js";
import { usualLines } from "./usualLines.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** One for all tests, so that each finds what the ones before left in its memory. */
const names = createNames();
const scanner = compiledScanner(names);

/** Scans bytes that are one line. Answers its row as text if the scanner takes it for a usual one. */
function scannedRow(bytes: Uint8Array, isLast = true): string | undefined {
  scanner.clear();
  scanner.room(bytes.length).set(bytes);
  const end = scanner.scan(0, bytes.length, isLast, 0);
  assert.equal(end, scanner.rows === 0 ? 0 : bytes.length);
  if (scanner.rows === 0) return undefined;
  const builder = createColumnsBuilder(8);
  scanner.move(builder, createNoticesBuilder());
  return rowTexts(builder.finish(), names).join("\n");
}

/** The row that the readers of the monitor's output give; empty if they find anything but one event. */
function decodedRow(text: string): string {
  const capture = readCapture("made", text);
  const table = createNames();
  const isOne = capture.events.length === 1 && capture.problems.length === 0 && capture.lines === 1;
  return isOne ? rowTexts(columnsOfEvents(capture.events, table), table).join("\n") : "";
}

/** Holds that a line, if it is taken for a usual one, means what it means to the readers. Answers whether it is. */
function isSoundlyAccepted(bytes: Uint8Array): boolean {
  const row = scannedRow(bytes);
  if (row === undefined) return false;
  const text = decoder.decode(bytes);
  assert.match(text, /^[ -~]*$/, "nothing but ASCII");
  if (row !== decodedRow(text)) assert.equal(`${text}\n${row}`, `${text}\n${decodedRow(text)}`);
  return true;
}

/** Bytes of every class that the scanner tells apart, the first and last of each. */
const telling = [...encoder.encode('\0\n\r "(),-/09:@AFG[\\]`afgz{}~\x7f'), 0x80];

describe("the compiled scanner", function () {
  this.timeout(120_000);

  for (const [name, line] of Object.entries(usualLines)) {
    const bytes = encoder.encode(line);

    describe(name, () => {
      it("is read", () => {
        assert.equal(scannedRow(bytes), decodedRow(line));
      });

      it("is not read where it is cut, whatever stood behind it in memory", () => {
        for (let end = 0; end < bytes.length; end++) {
          scanner.room(bytes.length).set(bytes);
          assert.equal(scanner.scan(0, end, true, 0), 0, `cut at ${end}`);
          assert.equal(isSoundlyAccepted(bytes.slice(0, end)), false, `cut at ${end}`);
          if (end > 0) assert.equal(isSoundlyAccepted(bytes.slice(end)), false, `begun at ${end}`);
        }
      });

      it("means the same to the readers with any byte changed", () => {
        let accepted = 0;
        const changed = bytes.slice();
        for (let at = 0; at < bytes.length; at++) {
          for (const byte of telling) {
            changed[at] = byte;
            if (isSoundlyAccepted(changed)) accepted++;
          }
          changed[at] = bytes[at] ?? 0;
        }
        assert.ok(accepted > 100, `${accepted} lines were read`);
      });

      it("means the same to the readers with any byte removed, doubled or put in", () => {
        for (let at = 0; at <= bytes.length; at++) {
          isSoundlyAccepted(Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]));
          isSoundlyAccepted(Uint8Array.from([...bytes.subarray(0, at + 1), ...bytes.subarray(at)]));
          for (const byte of encoder.encode('0"[')) {
            isSoundlyAccepted(Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]));
          }
        }
      });

      it("means the same to the readers with other numbers", () => {
        const values = ["", "0", "00", "7", "128", "-128", "-129", "255", "256", "00255", "12345678", "123456789"];
        values.push("65535", "65536", "4294967295", "4294967296", "9999999999", "99999999999", "-0", "1.5", "1e3");
        let accepted = 0;
        for (const { index, 0: digits } of line.matchAll(/\d+/g)) {
          for (const value of values) {
            const other = line.slice(0, index) + value + line.slice(index + digits.length);
            if (isSoundlyAccepted(encoder.encode(other))) accepted++;
          }
        }
        assert.ok(accepted > 50, `${accepted} lines were read`);
      });

      it("means the same to the readers with any word replaced", () => {
        const values = [
          "",
          "x",
          "EchoReply",
          "true",
          "false",
          "10.0.0.300",
          "::1",
          "new,",
          "a|b",
          "ü",
          "\\u003c",
          "x".repeat(70),
        ];
        for (const { index, 0: word } of line.matchAll(/[\w.:-]{3,}/g)) {
          for (const value of values) {
            isSoundlyAccepted(encoder.encode(line.slice(0, index) + value + line.slice(index + word.length)));
          }
        }
      });

      it("is found however the bytes are cut, and behind any end of a line", () => {
        const text = `#\n${line}\r\n${line}\r${line}\n`;
        const whole = encoder.encode(text);
        const table = createNames();
        const expected = rowTexts(columnsOfEvents(readCapture("made", text).events, table), table);
        // Everywhere in the first line, and around the ends of all.
        const cuts = Array.from(whole, (_, cut) => cut).filter(
          (cut) => cut < line.length + 8 || /[\r\n]/.test(text.slice(cut - 3, cut + 3)),
        );
        for (const cut of cuts) {
          const reader = captureScanner("made", (part) => decoder.decode(part), scanner);
          // What stands behind the cut in memory is what makes the line look whole.
          reader.room(whole.length).set(whole);
          const used = reader.read(cut, 0, false);
          assert.ok(used <= cut, `cut at ${cut}`);
          reader.room(whole.length - used).set(whole.subarray(used));
          reader.read(whole.length - used, used, true);
          const { columns, lines } = reader.finish();
          assert.deepEqual(rowTexts(columns, names), expected, `cut at ${cut}`);
          assert.equal(lines, 4);
        }
      });
    });
  }

  it("reads names of every length", () => {
    const line = usualLines["a TCP trace"] ?? "";
    const lengths = Array.from({ length: 80 }, (_, length) => length);
    const accepted = lengths.filter((length) =>
      isSoundlyAccepted(encoder.encode(line.replace("lxc0a1b2c", "abcdefghi0".repeat(8).slice(0, length)))),
    );
    assert.deepEqual(accepted, lengths.slice(0, 64));
  });

  it("tells names that share much of their text apart, and the same text in different fields", () => {
    const line = usualLines["IPv6 with TCP"] ?? "";
    for (const device of ["established", "to-endpoint", "02:42:c0:00:02:01", "2001:db8::a", "443"]) {
      assert.ok(isSoundlyAccepted(encoder.encode(line.replace("lxc0a1b2c", device))));
    }
    const long = "0123456789".repeat(6);
    for (let at = 0; at < long.length; at++) {
      const device = `${long.slice(0, at)}x${long.slice(at + 1)}`;
      assert.ok(isSoundlyAccepted(encoder.encode(line.replace("lxc0a1b2c", device))));
    }
  });

  it("passes over lists with parentheses anywhere, if these hold no fields of their own", () => {
    const line = usualLines["TCP as old versions print it"] ?? "";
    const withOptions = (list: string): Uint8Array =>
      encoder.encode(line.replace("Urgent=7 Options=[]", `Urgent=7 Options=${list}`));
    for (let before = 0; before < 20; before++) {
      for (let within = 0; within < 40; within++) {
        const list = `[${"x".repeat(before)}(${"y".repeat(within)}), (z)]`;
        assert.ok(isSoundlyAccepted(withOptions(list)), list);
      }
      for (const tail of ["", "0123456789abcdef"]) {
        for (const list of ["[) SYN=true (]", "[(a)) SYN=true (]", "[(a) b) SYN=true ((c)]", "[((a) SYN=true )]"]) {
          isSoundlyAccepted(withOptions(list.replace("[", `[${"x".repeat(before)}`).replace("]", `${tail}]`)));
        }
      }
    }
  });

  it("takes up no name of a line that it refuses before", () => {
    const known = usualLines["a TCP trace"] ?? "";
    assert.ok(isSoundlyAccepted(encoder.encode(known)));
    const line = known.replaceAll("0a:58:0a:f4:01:0a", "0a:58:0a:f4:99:99");
    const { size } = names;
    assert.equal(isSoundlyAccepted(encoder.encode(line.replace('"source":', '"sourcf":'))), false);
    assert.equal(names.size, size);
    assert.ok(isSoundlyAccepted(encoder.encode(line)));
    assert.equal(names.size, size + 1);
  });

  it("goes on when its table of names is full", () => {
    const own = createNames();
    const reader = captureScanner("made", (part) => decoder.decode(part), compiledScanner(own));
    const [before, behind] = (usualLines["an ICMP echo"] ?? "").split('"ifindex":"0"');
    const devices = Array.from({ length: 66_000 }, (_, index) => `if${index}`);
    let offset = 0;
    for (let from = 0; from < devices.length; from += 1000) {
      const text = devices
        .slice(from, from + 1000)
        .map((device) => `${before}"ifindex":"${device}"${behind}\n`)
        .join("");
      reader.room(text.length).set(encoder.encode(text));
      offset += reader.read(text.length, offset, true);
    }
    const { columns } = reader.finish();
    assert.equal(columns.length, devices.length);
    devices.forEach((device, row) => {
      if (own.text(columns.device[row] ?? 0) !== device) assert.fail(`row ${row} is of ${device}`);
    });
  });

  it("holds more rows than its memory has room for", () => {
    const lines = Array.from({ length: 5000 }, (_, index) =>
      index % 1000 === 999
        ? "-> stack flow 0x1 , identity 2->3 state new ifindex 0 orig-ip 0.0.0.0: 192.0.2.1:1 -> 192.0.2.2:2 tcp SYN"
        : (Object.values(usualLines)[index % 9] ?? ""),
    );
    const text = lines.join("\n");
    const reader = captureScanner("made", (part) => decoder.decode(part), scanner);
    reader.room(text.length).set(encoder.encode(text));
    reader.read(text.length, 0, true);
    const { columns, events } = reader.finish();
    const capture = readCapture("made", text);
    const table = createNames();
    assert.equal(events, capture.events.length);
    assert.deepEqual(rowTexts(columns, names), rowTexts(columnsOfEvents(capture.events, table), table));
  });
});
