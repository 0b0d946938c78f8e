import "../../fixedSeed.js";
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { looksLikeSettings, readSettings } from "../../../server/src/core/monitor/settings/readSettings.js";
import { statedVersion, withStatedVersion } from "../../../server/src/core/monitor/settings/statedVersion.js";
import { captureVersion, versionWords } from "../../../server/src/core/monitor/version.js";
import { drawnCases } from "./drawnCases.js";

const anyPlace = { file: "node.txt", start: 0, end: 1 };

function stated(...versions: readonly (readonly [name: string, value: string])[]) {
  return statedVersion(versions.map(([name, value]) => ({ source: "version", name, value, place: anyPlace })));
}

describe("settings of Cilium", () => {
  for (const { name, input, expected } of drawnCases("monitor/settings.txt")) {
    it(name, () => {
      const settings = readSettings("node.txt", input);
      assert.deepEqual(
        settings.map(({ source, name: title, value }) => `${source} ${title}: ${value}`),
        expected,
      );
      for (const { place, value } of settings) {
        const line = input.slice(place.start, place.end);
        assert.equal(line, line.trim());
        assert.ok(line.replace(/\s+/g, " ").includes(value), line);
      }
    });
  }

  it("are read from Windows' lines too", () => {
    const settings = readSettings("node.txt", "KVStore:  Ok\r\nHost Routing:   Legacy\r\nrouting-mode: native\r\n");
    assert.deepEqual(
      settings.map(({ value }) => value),
      ["Legacy", "native"],
    );
  });

  it("are read from any text without harm", () => {
    const pieces = [
      "KVStore: ",
      "Mode:",
      "routing-mode",
      ":",
      "----",
      "\n",
      "native",
      '"',
      "--",
      "='",
      " ",
      "Cilium: Ok 1.",
      "9",
      "\r",
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (parts) => {
        const text = parts.join("");
        for (const { place } of readSettings("node.txt", text)) {
          assert.ok(0 <= place.start && place.start < place.end && place.end <= text.length);
        }
      }),
    );
  });

  it("make a text one of ours where there are several", () => {
    assert.equal(looksLikeSettings("routing-mode: native\nenable-ipsec: true\n"), true);
    assert.equal(looksLikeSettings("routing-mode: native\n"), false);
    assert.equal(looksLikeSettings("# a page about routing-mode and enable-ipsec\n"), false);
  });
});

describe("the version that a text states", () => {
  it("is the agent's, else the client's", () => {
    assert.equal(stated(["client", "1.16.0"], ["agent", "v1.15.2"])?.minor, 15);
    assert.equal(stated(["client", "1.16.0"])?.minor, 16);
  });

  it("is none where it states several", () => {
    assert.equal(stated(["agent", "1.16.0"], ["agent", "1.15.2"]), undefined);
    assert.equal(stated(["agent", "1.16.0"], ["agent", "1.16.5"])?.minor, 16);
  });

  it("is that of the captures beside it, unless they show another or a setting says one", () => {
    const version = stated(["agent", "1.16.0"]);
    const inferred = captureVersion([], () => true);
    assert.equal(versionWords(withStatedVersion(inferred, version)), "1.16: The agent is of version 1.16.0.");
    const older = withStatedVersion({ ...inferred, until: 11 }, version);
    assert.equal(older.conflicting, true);
    assert.equal(older.until, 11);
    const set = withStatedVersion(
      captureVersion([], () => true, 13),
      version,
    );
    assert.equal(versionWords(set), "1.13, as the setting says");
  });
});
