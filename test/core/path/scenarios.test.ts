import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { factValues } from "../../../server/src/core/path/datapathFacts.js";
import { transitions } from "../../../server/src/core/path/datapathGraph.js";
import { type Disturbance, playCapture } from "../../generate/playCapture.js";
import { readScenarios, type Scenario } from "../../generate/scenario.js";
import { dispositionWords, drawnWords, tracesOf, walkCapture, walkWords } from "./recovered.js";

const scenarios = readScenarios(readFileSync(resolve("test/fixtures/path/scenarios.txt"), "utf8"));

function nodesOf({ packets }: Scenario): string[] {
  return [...new Set(packets.flatMap(({ walks }) => walks.map(({ node }) => node)))];
}

function assertRecovered(scenario: Scenario, disturbance: Disturbance): void {
  for (const node of nodesOf(scenario)) {
    const capture = playCapture(scenario, node, disturbance);
    const traces = walkCapture(scenario, capture);
    for (const played of capture.walks) {
      const recovered = tracesOf(traces, played);
      const words = recovered.map(({ hops }) => walkWords(hops, played));
      assert.deepEqual(words, [drawnWords(played)], `${node}, seed ${disturbance.seed}`);
      const [trace] = recovered;
      const disposition = trace ? dispositionWords(trace.disposition) : "";
      assert.ok(
        disposition.startsWith(played.walk.disposition),
        `${node}: ${disposition}, not ${played.walk.disposition}`,
      );
    }
  }
}

describe("drawn walks", () => {
  it("follow the graph under the facts of their node", () => {
    for (const { title, facts, packets } of scenarios) {
      for (const { walks } of packets) {
        for (const { node, places } of walks) {
          const known = facts.get(node) ?? {};
          places.slice(1).forEach(({ place }, index) => {
            const from = places[index]?.place;
            const legal = transitions.some(
              (step) =>
                step.from === from &&
                step.to === place &&
                (Object.keys(known) as (keyof typeof known)[]).every(
                  (fact) => step.when[fact] === undefined || step.when[fact] === known[fact],
                ),
            );
            const proxy = from === "proxy-process" || from === "host-process";
            assert.ok(legal || proxy || place === "dropped", `${title}, ${node}: ${from} to ${place}`);
          });
        }
      }
    }
  });

  it("name facts that there are", () => {
    for (const { title, facts } of scenarios) {
      for (const [fact, value] of [...facts.values()].flatMap((known) => Object.entries(known))) {
        const values: readonly unknown[] | undefined = factValues[fact as keyof typeof factValues];
        assert.ok(values?.includes(value), `${title}: ${fact}=${value}`);
      }
    }
  });

  for (const scenario of scenarios) {
    it(`${scenario.title}`, () => {
      assertRecovered(scenario, { seed: 1 });
      for (let seed = 1; seed <= 5; seed++) assertRecovered(scenario, { seed, noise: true, reorder: true });
    });
  }
});
