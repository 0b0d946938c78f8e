import "../../fixedSeed.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as fc from "fast-check";
import { statusOf } from "../../../server/src/core/explain/packet/explainPacket.js";
import type { Trace } from "../../../server/src/core/path/trace.js";
import { type Disturbance, type PlayedWalk, playCapture } from "../../generate/playCapture.js";
import { randomScenario } from "../../generate/randomScenario.js";
import { readScenarios, type Scenario } from "../../generate/scenario.js";
import { dispositionWords, drawnWords, isSeen, nodeOf, tracesOf, walkCapture } from "./recovered.js";

const scenarios = readScenarios(readFileSync(resolve("test/fixtures/path/scenarios.txt"), "utf8"));

/** A walk of the generator or a drawn one, and what happens to its capture. */
const disturbances = fc.record({
  scenario: fc.oneof(
    fc.integer({ min: 1, max: 1_000_000 }).map(randomScenario),
    fc
      .constantFrom(...scenarios)
      .filter(({ packets }) => packets.some(({ walks }) => walks.some(({ node }) => node === "a"))),
  ),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  noise: fc.boolean(),
  reorder: fc.boolean(),
  loss: fc.constantFrom(0, 0, 0.1, 0.4),
});

/** The events of a walk that the capture shows, in order, whatever packets they were joined into; and what is claimed beyond them. */
function assertFaithful(traces: readonly Trace[], played: PlayedWalk): void {
  const places = played.walk.places.map(({ place }) => place);
  const seen = traces.flatMap(({ hops }) => hops.filter(isSeen)).map(({ place }) => place);
  assert.deepEqual([...seen].sort(), played.kept.map(({ at }) => places[at]).sort(), `events of ${drawnWords(played)}`);
  for (const { hops } of traces) {
    let at = 0;
    for (const { place } of hops) {
      const found = places.indexOf(place, at);
      assert.ok(found >= 0, `${hops.map((hop) => hop.place).join(" ")} is not in ${drawnWords(played)}`);
      at = found + 1;
    }
  }
}

const blames: ReadonlySet<string> = new Set(["dropped", "wrong-device", "looping", "lost-in-kernel", "lost-at-proxy"]);

function walksOf(scenario: Scenario, disturbance: Disturbance) {
  const capture = playCapture(scenario, "a", disturbance);
  const traces = walkCapture(scenario, capture);
  return capture.walks.map((played) => ({ played, traces: tracesOf(traces, played) }));
}

describe("played walks", function () {
  this.timeout(60_000);

  it("are recovered, or what is claimed of them is true", () => {
    fc.assert(
      fc.property(disturbances, fc.boolean(), ({ scenario, ...disturbance }, aggregated) => {
        for (const { played, traces } of walksOf(scenario, { ...disturbance, aggregated })) {
          assertFaithful(traces, played);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are blamed for nothing where they went the normal way", () => {
    fc.assert(
      fc.property(disturbances, fc.boolean(), ({ scenario, ...disturbance }, aggregated) => {
        for (const { played, traces } of walksOf(scenario, { ...disturbance, aggregated })) {
          if (blames.has(played.walk.disposition.split(" ")[0] ?? "")) continue;
          for (const { disposition } of traces) {
            assert.ok(!blames.has(disposition.type), `${dispositionWords(disposition)} of ${drawnWords(played)}`);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are blamed for nothing in texts of one line that tell neither flow nor contents", () => {
    const isNormal = ({ packets }: Scenario) =>
      packets.every(({ walks }) =>
        walks.every(({ node, disposition }) => node !== "a" || !blames.has(disposition.split(" ")[0] ?? "")),
      );
    fc.assert(
      fc.property(disturbances, fc.boolean(), ({ scenario, ...disturbance }, aggregated) => {
        fc.pre(isNormal(scenario));
        const capture = playCapture(scenario, "a", { ...disturbance, aggregated, text: true });
        for (const { disposition, packet } of walkCapture(scenario, capture)) {
          const [first] = packet.events;
          const at = capture.text.slice(first?.event.place.start).split("\n", 1);
          assert.ok(!blames.has(disposition.type), `${dispositionWords(disposition)} of ${at}\n${capture.text}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("tell nothing wrong of the node's set-up", () => {
    fc.assert(
      fc.property(disturbances, fc.boolean(), ({ scenario, ...disturbance }, aggregated) => {
        const { facts } = nodeOf(scenario, playCapture(scenario, "a", { ...disturbance, aggregated })).context;
        const real = scenario.facts.get("a") ?? {};
        for (const fact of Object.keys(facts) as (keyof typeof facts)[]) {
          if (real[fact] !== undefined) assert.equal(facts[fact], real[fact], fact);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are one packet each where nothing is lost", () => {
    fc.assert(
      fc.property(disturbances, ({ scenario, ...disturbance }) => {
        for (const { played, traces } of walksOf(scenario, { ...disturbance, loss: 0 })) {
          if (played.kept.length > 0) assert.equal(traces.length, 1, drawnWords(played));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are never blamed in one capture and cleared in another of the same traffic, aggregated or with losses", () => {
    const statuses = (scenario: Scenario, disturbance: Disturbance) =>
      walksOf(scenario, disturbance).map(({ played, traces }) => ({ played, found: new Set(traces.map(statusOf)) }));
    fc.assert(
      fc.property(disturbances, ({ scenario, ...disturbance }) => {
        const whole = statuses(scenario, { seed: disturbance.seed });
        for (const partial of [
          statuses(scenario, { ...disturbance, aggregated: true }),
          statuses(scenario, { ...disturbance, aggregated: false }),
        ]) {
          whole.forEach(({ played, found }, index) => {
            const other = partial[index]?.found;
            const contradicts = (found.has("broken") && other?.has("ok")) || (found.has("ok") && other?.has("broken"));
            assert.ok(!contradicts, `${[...found]} and ${[...(other ?? [])]} of ${drawnWords(played)}`);
          });
        }
      }),
      { numRuns: 150 },
    );
  });
});
