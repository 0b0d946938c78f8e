import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { agentNotifications } from "../../../server/src/core/cilium/agentNotifications.js";
import { bpfSourceFileNames } from "../../../server/src/core/cilium/bpfSourceFiles.js";
import { findCapturePoint } from "../../../server/src/core/cilium/capturePoints.js";
import { findDebugMessage } from "../../../server/src/core/cilium/debugMessages.js";
import { findDropReason } from "../../../server/src/core/cilium/dropReasons.js";
import { fibResults } from "../../../server/src/core/cilium/fibResults.js";
import { findFlowWord, flowVerdicts, lossSources, nodeStates } from "../../../server/src/core/cilium/flowWords.js";
import { describeIdentity, parseIdentity } from "../../../server/src/core/cilium/identities.js";
import { messageTypes } from "../../../server/src/core/cilium/messageTypes.js";
import { findObservationPoint } from "../../../server/src/core/cilium/observationPoints.js";
import {
  findPolicyWord,
  policyActionWords,
  policyAuthTypes,
  policyMatches,
} from "../../../server/src/core/cilium/policyVerdicts.js";
import { findSocketPoint } from "../../../server/src/core/cilium/socketPoints.js";
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

const fibLookupFailed = 169;

/** The codes of an event that no catalogue knows. */
function unknownCodes(event: MonitorEvent): string[] {
  return [...unknownOfType(event), ...unknownIdentities(event), ...unknownOfHubble(event)];
}

function unknownIdentities(event: MonitorEvent): string[] {
  if (!("srcIdentity" in event)) return [];
  const ids = [event.srcIdentity, event.dstIdentity];
  return ids.filter((id) => describeIdentity(id).scope === "unassigned").map((id) => `identity ${id}`);
}

function unknownOfHubble({ hubble }: MonitorEvent): string[] {
  return hubble?.verdict === undefined || findFlowWord(flowVerdicts, hubble.verdict) ? [] : [hubble.verdict];
}

function unknownOfType(event: MonitorEvent): string[] {
  switch (event.type) {
    case "trace":
      return [
        ...(findObservationPoint(event.observationPoint) ? [] : [event.observationPoint]),
        ...(event.state === undefined || findTraceReason(event.state) ? [] : [event.state]),
      ];
    case "drop": {
      const reason = findDropReason(event.reason);
      const { extError = 0, bpfFile } = event;
      const isFib = reason?.code === fibLookupFailed && extError > 0;
      return [
        ...(reason ? [] : [event.reason]),
        ...(isFib && !fibResults.some(({ code }) => code === extError) ? [`FIB result ${extError}`] : []),
        ...(typeof bpfFile === "number" && bpfSourceFileNames(bpfFile).length === 0 ? [`file ${bpfFile}`] : []),
        ...(typeof bpfFile === "string" && !bpfSourceFileIds.some((id) => bpfSourceFileNames(id).includes(bpfFile))
          ? [bpfFile]
          : []),
      ];
    }
    case "policy-verdict":
      return [
        ...(findPolicyWord(policyMatches, event.match) ? [] : [event.match]),
        ...(findPolicyWord(policyActionWords, event.action) ? [] : [event.action]),
        ...(event.auth === undefined || findPolicyWord(policyAuthTypes, event.auth) ? [] : [event.auth]),
        ...(parseIdentity(event.remoteIdentity) === undefined ? [event.remoteIdentity] : []),
      ];
    case "trace-sock":
      return findSocketPoint(event.point) ? [] : [event.point];
    case "lost":
      return event.source === undefined || findFlowWord(lossSources, event.source) ? [] : [event.source];
    case "node-status":
      return findFlowWord(nodeStates, event.state) ? [] : [event.state];
    case "unknown":
      return messageTypes.some(({ code }) => code === event.messageType) ? [] : [`message type ${event.messageType}`];
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

/** All ids that a byte can hold. */
const bpfSourceFileIds = Array.from({ length: 256 }, (_, id) => id);

/** `name: 3 trace, 4 remarks, 0 problems`. */
function countsLine(name: string, text: string): string {
  const { events, remarks, problems } = readCapture(name, text);
  const types = [...new Set(events.map(({ type }) => type))].sort();
  const counts = types.map((type) => `${events.filter((event) => event.type === type).length} ${type}`);
  return `${name}: ${[...counts, `${remarks.length} remarks`, `${problems.length} problems`].join(", ")}`;
}

describe("codes", () => {
  it("are noticed where a code is missing", () => {
    const made = [
      "-> stack flow 0x1 , identity 50331648->13 state dizzy ifindex 0 orig-ip 0.0.0.0: 10.1.0.7 -> 192.0.2.9",
      "xx drop (Bad mood, 9) flow 0x1 to endpoint 0, ifindex 1, file mood.h:3, , identity 1->2: 10.1.0.7 -> 192.0.2.9",
      "xx drop (FIB lookup failed, 77) flow 0x1 to endpoint 0, , identity 1->2: 10.1.0.7 -> 192.0.2.9",
      "Policy verdict log: flow 0x0 local EP ID 1, remote ID nobody, proto 6, ingress, action shrug, auth: oath, match L9, 10.1.0.7 -> 192.0.2.9",
      "CPU 00: Unknown event: [77 1]",
      '{"lost_events":{"source":"SOMEWHERE","num_events_lost":"1"}}',
      '{"node_status":{"state_change":"NODE_SLEEPY"}}',
      '{"flow":{"verdict":"PERHAPS","event_type":{"type":4,"sub_type":3},"IP":{}}}',
    ];
    assert.deepEqual(readCapture("made", made.join("\n")).events.flatMap(unknownCodes), [
      "dizzy",
      "identity 50331648",
      "identity 13",
      "Bad mood",
      "mood.h",
      "FIB result 77",
      "L9",
      "shrug",
      "oath",
      "nobody",
      "message type 77",
      "SOMEWHERE",
      "NODE_SLEEPY",
      "PERHAPS",
    ]);
  });
});

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
