import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { statesOf } from "../../../../server/src/core/case/case.js";
import { readFile } from "../../../../server/src/core/case/readFile.js";
import { changedRegions } from "../../../../server/src/core/fib/comparison/changedRegions.js";
import { regionHolds } from "../../../../server/src/core/fib/comparison/regionHolds.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import { fibOf } from "../../../../server/src/core/fib/fibOf.js";
import type { Flow } from "../../../../server/src/core/fib/flow.js";
import { flowWords } from "../../../../server/src/core/fib/flowWords.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import { type Family, familyBits } from "../../../../server/src/core/net/address.js";
import type { NodeState } from "../../../../server/src/core/state/nodeState.js";

/** Other people's dumps, which lie beside the repository and are not part of it. */
const folders = ["incidents", "iproute2"].map((folder) => join("..", "shared", "samples", folder));

/** The same numbers in every run. */
function dice(): (sides: number) => number {
  let state = 7;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state % sides;
  };
}

/** Flows made of the addresses, devices and marks that two nodes name. */
function* namedFlows(
  states: readonly NodeState[],
  family: Family,
  count: number,
  roll: ReturnType<typeof dice>,
): Generator<Flow> {
  const own = states.map(({ families }) => families[family]);
  const rules = own.flatMap((each) => each.rules ?? []);
  const routes = own.flatMap(({ tables }) => [...tables.values()].flatMap((table) => table.routes));
  const last = (1n << BigInt(familyBits(family))) - 1n;
  const addresses = [...rules.flatMap(({ from, to }) => [from, to]), ...routes.map(({ dst }) => dst)].flatMap(
    (prefix) => (prefix ? [prefix.value, prefix.value + 1n, prefix.value + 5n] : []),
  );
  const devices = [
    "lo",
    ...rules.flatMap(({ iif }) => iif?.name ?? []),
    ...routes.flatMap((route) => route.nexthops.flatMap(({ dev }) => dev ?? [])),
  ];
  const bound = [null, ...rules.flatMap(({ oif }) => oif?.name ?? [])];
  const marks = [0, 0x200, ...rules.flatMap(({ fwmark }) => fwmark?.value ?? [])];
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const address = () => ({ family, value: (addresses.length > 0 ? pick(addresses) : 1n) & last });
  for (let made = 0; made < count; made++) {
    const iif = pick(devices);
    const isOwn = iif === "lo";
    const ipproto = pick([1, 6, 17]);
    yield {
      family,
      dst: address(),
      src: isOwn && roll(3) === 0 ? null : address(),
      iif,
      oif: isOwn ? pick(bound) : null,
      fwmark: pick(marks),
      tos: pick([0, 0, 16, 0x28]),
      flowlabel: 0,
      uid: isOwn ? pick([0, 1000]) : 0,
      ipproto,
      sport: ipproto === 1 ? 0 : pick([0, 53, 1024]),
      dport: ipproto === 1 ? 0 : pick([0, 53, 443]),
      tunId: 0n,
    };
  }
}

describe("Changed regions of real dumps", function () {
  this.timeout(60_000);

  it("hold every flow whose answer differs from one node to the next, and no other", function () {
    if (!folders.every(existsSync)) {
      console.log("      skipped: there are no samples beside the repository");
      this.skip();
    }
    const states = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".txt"))
        .flatMap((name) => statesOf([readFile({ file: name, text: readFileSync(join(folder, name), "utf8") })])),
    );
    const roll = dice();
    let compared = 0;
    for (const [at, before] of states.entries()) {
      const after = states[(at + 1) % states.length] as NodeState;
      for (const family of [4, 6] as const) {
        const { regions, complete } = changedRegions(before, after, family);
        if (!complete || !before.families[family].rules) continue;
        for (const flow of namedFlows([before, after], family, 60, roll)) {
          const differs = !sameOutcome(decide(fibOf(before, family), flow), decide(fibOf(after, family), flow));
          const holding = regions.filter((region) => regionHolds(region, flow)).length;
          assert.equal(holding, differs ? 1 : 0, `${before.files[0]} > ${after.files[0]}: ${flowWords(flow)}`);
          compared++;
        }
      }
    }
    assert.ok(compared > 500, `${compared} flows were compared`);
  });
});
