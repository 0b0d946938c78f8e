import assert from "node:assert/strict";
import { buildCase } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";
import { explainTrace } from "../../../server/src/core/explain/packet/explainTrace.js";
import type { Trace } from "../../../server/src/core/path/trace.js";
import { type EncryptedTraffic, playEncrypted } from "../../generate/playEncrypted.js";

const recipe: EncryptedTraffic = {
  seed: 3,
  packets: 4,
  encryption: "ipsec",
  tunnel: false,
  lengths: 300,
  lag: 0,
  lossPercent: 0,
  aggregated: false,
};

function tracesOf(traffic: EncryptedTraffic): readonly Trace[] {
  const { a, b } = playEncrypted(traffic);
  return buildCase([
    readFile({ file: "case/a/monitor.log", text: a }),
    readFile({ file: "case/b/monitor.log", text: b }),
  ]).nodes.flatMap(({ traces }) => traces);
}

/** How the walks of plain packets on node a ended, and what is noted of them. */
function plain(traces: readonly Trace[]): { readonly ended: string[]; readonly notes: string[] } {
  const own = traces.filter(
    ({ packet }) => packet.file === "case/a/monitor.log" && packet.headers?.l4?.protocol === "tcp",
  );
  return {
    ended: own.map(({ disposition }) => disposition.type),
    notes: own.flatMap((trace) => explainTrace(trace, () => "").notes),
  };
}

describe("encrypted packets", () => {
  it("are seen to leave where one packet only can carry them", () => {
    const { ended, notes } = plain(tracesOf(recipe));
    assert.deepEqual(ended, ["sent", "sent", "sent", "sent"]);
    assert.equal(
      notes.filter((note) => /leaves or comes inside another one: packet \d+ of its capture/.test(note)).length,
      4,
    );
  });

  it("are not claimed to leave where several look alike, and the note says among how many", () => {
    const { ended, notes } = plain(tracesOf({ ...recipe, lengths: 1 }));
    assert.ok(!ended.includes("lost-in-kernel"));
    assert.ok(notes.some((note) => /inside another one: likely packet \d+ of its capture, one of \d+/.test(note)));
  });

  it("are walked on to the node that decrypts them", () => {
    for (const encryption of ["ipsec", "wireguard"] as const) {
      const traces = tracesOf({ ...recipe, encryption });
      const arrived = traces.filter(
        ({ packet, across }) => packet.file === "case/a/monitor.log" && across?.disposition.type === "delivered",
      );
      assert.ok(arrived.length > 0, encryption);
      assert.ok(arrived.every(({ across }) => across?.node === "b"));
    }
  });
});
