import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { agentNotifications } from "../../../server/src/core/cilium/agentNotifications.js";
import { bpfSourceFileNames } from "../../../server/src/core/cilium/bpfSourceFiles.js";
import { findCapturePoint } from "../../../server/src/core/cilium/capturePoints.js";
import { findDebugMessage } from "../../../server/src/core/cilium/debugMessages.js";
import { findDropReason } from "../../../server/src/core/cilium/dropReasons.js";
import { findObservationPoint } from "../../../server/src/core/cilium/observationPoints.js";
import { findTraceReason } from "../../../server/src/core/cilium/traceReasons.js";
import type { MonitorEvent } from "../../../server/src/core/monitor/event.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";

/** Other people's captures, which lie beside the project where they are at hand at all. */
const shared = resolve("../shared");

function readShared(folder: string): { name: string; text: string }[] {
  const directory = join(shared, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /\.(?:log|txt)$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(directory, name), "utf8") }));
}

/** The codes of an event that no catalogue knows. */
function unknownCodes(event: MonitorEvent): string[] {
  switch (event.type) {
    case "trace":
      return [
        ...(findObservationPoint(event.observationPoint) ? [] : [event.observationPoint]),
        ...(event.state === undefined || findTraceReason(event.state) ? [] : [event.state]),
      ];
    case "drop":
      return [
        ...(findDropReason(event.reason) ? [] : [event.reason]),
        ...(typeof event.bpfFile !== "number" || bpfSourceFileNames(event.bpfFile).length > 0
          ? []
          : [`file ${event.bpfFile}`]),
      ];
    case "debug":
      return findDebugMessage(event.message) || findCapturePoint(event.message) ? [] : [event.message];
    case "capture":
      return findCapturePoint(event.message) ? [] : [event.message];
    case "agent":
      return agentNotifications.some(({ subtype }) => subtype === event.subtype) ? [] : [event.subtype];
    default:
      return [];
  }
}

/** `name: 3 trace, 4 remarks, 0 problems`. */
function countsLine(name: string, text: string): string {
  const { events, remarks, problems } = readCapture(name, text);
  const types = [...new Set(events.map(({ type }) => type))].sort();
  const counts = types.map((type) => `${events.filter((event) => event.type === type).length} ${type}`);
  return `${name}: ${[...counts, `${remarks.length} remarks`, `${problems.length} problems`].join(", ")}`;
}

describe("captures of others", () => {
  const captures = [...readShared("samples/cilium"), ...readShared("seed")];

  before(function () {
    if (captures.length > 0) return;
    console.log(`      (skipped: no samples at ${shared})`);
    this.skip();
  });

  it("have no code that the catalogues lack", () => {
    const events = captures.flatMap(({ name, text }) => readCapture(name, text).events);
    assert.ok(events.length > 100);
    assert.deepEqual([...new Set(events.flatMap(unknownCodes))], []);
  });

  it("are read as far as is written down", function () {
    const samples = new Map(readShared("samples/cilium").map(({ name, text }) => [name, text]));
    const expected = readFileSync(resolve("test/fixtures/monitor/samples.txt"), "utf8").match(/^\S+\.log: .*$/gm) ?? [];
    if (samples.size === 0) this.skip();
    assert.deepEqual(
      expected.map((line) => line.slice(0, line.indexOf(":"))),
      [...samples.keys()].sort(),
    );
    assert.deepEqual(
      [...samples].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => countsLine(name, text)),
      expected,
    );
  });

  it("the seed's messages are all read, remarks and prose apart", () => {
    const [seed] = readShared("seed");
    assert.ok(seed);
    const { events, problems } = readCapture(seed.name, seed.text);
    const count = (type: string) => events.filter((event) => event.type === type).length;
    assert.deepEqual([count("trace"), count("capture"), count("debug"), problems.length], [6, 1, 1, 0]);
  });
});
