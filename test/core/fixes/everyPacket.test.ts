import assert from "node:assert/strict";
import * as fc from "fast-check";
import { isCniDevice } from "../../../server/src/core/cilium/devices.js";
import { decide } from "../../../server/src/core/fib/decide.js";
import type { Decision } from "../../../server/src/core/fib/decision.js";
import { wordsForDecision } from "../../../server/src/core/fib/decisionWords.js";
import { fibOf } from "../../../server/src/core/fib/fibOf.js";
import { findingKinds } from "../../../server/src/core/findings/registry.js";
import type { Fix } from "../../../server/src/core/fixes/fix.js";
import { fixesFor } from "../../../server/src/core/fixes/registry.js";
import { familyBits } from "../../../server/src/core/net/address.js";
import type { NodeState } from "../../../server/src/core/state/nodeState.js";
import { packetKinds } from "../../generate/packetKinds.js";
import { readWorld } from "../../generate/readWorld.js";
import { dumpOf, smallWorlds } from "../../generate/smallWorld.js";
import { showFlow } from "../../generate/walkEvery.js";
import { compareRegions } from "../fib/comparison/regionOracle.js";

const runs = Number(process.env.PACKETWALK_RUNS ?? 30);

/** Whether a packet comes to the node itself, or to a pod, or anywhere at all. */
function isLost(before: Decision, after: Decision): boolean {
  if (before.type !== "route") return false;
  if (after.type !== "route") return true;
  if (before.route.type === "local") return after.route.type !== "local";
  const isOwn = after.route.type === "local" && after.route.dst.length === familyBits(after.route.family);
  return leadsToPods(before) && !leadsToPods(after) && !isOwn;
}

function leadsToPods(decision: Decision): boolean {
  if (decision.type !== "route" || decision.route.type !== "unicast") return false;
  return decision.nexthops.some((at) => isCniDevice(decision.route.nexthops[at]?.dev ?? ""));
}

/** What is wrong with a fix, by every kind of packet. */
function judgeFix(state: NodeState, family: 4 | 6, fix: Fix): string[] {
  const name = `${fix.finding.code} ${fix.kind}: ${fix.commands.join("; ")}`;
  const regions = compareRegions(state, fix.state, family);
  const [lost] = packetKinds([state, fix.state], family).flatMap((flow) => {
    const before = decide(fibOf(state, family), flow);
    const after = decide(fibOf(fix.state, family), flow);
    const isChanged = fix.proof.purpose === "tidy" && wordsForDecision(before) !== wordsForDecision(after);
    if (!isChanged && !isLost(before, after)) return [];
    return [`${name}\n${showFlow(flow)}: ${wordsForDecision(before)}, then ${wordsForDecision(after)}`];
  });
  return [...regions.map((difference) => `${name}\n${difference}`), ...(lost ? [lost] : [])];
}

describe("Fixes, in small worlds", function () {
  this.timeout(600_000);

  it("take no packet its route, whatever packet it is, and change what they say", () => {
    let count = 0;
    fc.assert(
      fc.property(smallWorlds, (world) => {
        const node = readWorld(world);
        const fixes = findingKinds.flatMap((kind) => kind.check(node).flatMap((finding) => fixesFor(node, finding)));
        count += fixes.length;
        const differences = fixes.flatMap((fix) => judgeFix(node.state, world.family, fix));
        assert.ok(differences.length === 0, `${differences.slice(0, 4).join("\n")}\n${dumpOf(world)}`);
      }),
      { numRuns: runs },
    );
    assert.ok(count > runs / 4, `${count} fixes were offered`);
  });
});
