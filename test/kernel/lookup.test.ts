import assert from "node:assert/strict";
import * as fc from "fast-check";
import { openNamespace } from "../../server/src/node/kernel/namespace.js";
import { compareAnswers, readNode } from "./agreement.js";
import { buildNode, dumpNode } from "./kernelNode.js";
import { type RoutingCase, routingCases } from "./routingCase.js";

/** At most; somewhat less than half as many on the average. Each is asked of text and JSON dumps, for the entry and for the way: four probes. */
const questionsPerCase = 500;
const soak = Number(process.env.PACKETWALK_SOAK ?? 0);
const cases = Math.max(40, Math.ceil(soak / (questionsPerCase * 1.8)));
const seed = Number(process.env.PACKETWALK_SEED ?? 20260);

interface Totals {
  probes: number;
  undecidable: number;
}

/** Throws where the kernel and we differ. */
async function checkCase(drawn: RoutingCase, totals: Totals): Promise<void> {
  const ns = await openNamespace();
  assert.ok(typeof ns !== "string", `${ns}`);
  try {
    buildNode(ns, drawn);
    const dumps = dumpNode(ns, drawn);
    const { family, queries } = drawn;
    const fibs = new Map([
      ["text", readNode("node.txt", dumps.text, family)],
      ["JSON", readNode("node.json", dumps.json, family)],
    ]);
    const agreement = compareAnswers(ns, family, queries, fibs);
    totals.probes += agreement.probes;
    totals.undecidable += agreement.undecidable;
    const state = dumps.text.slice(0, dumps.text.indexOf("root@node:~# ip addr"));
    assert.ok(agreement.difference === undefined, `${agreement.difference}\n${state}`);
  } finally {
    ns.close();
  }
}

describe("The look-up against the kernel", function () {
  this.timeout(soak > 0 ? 0 : 120_000);

  before(async function () {
    const ns = await openNamespace();
    if (typeof ns !== "string") return ns.close();
    console.log(`      skipped: ${ns}`);
    this.skip();
  });

  it(`agrees on every probe of ${cases} drawn nodes`, async () => {
    const totals: Totals = { probes: 0, undecidable: 0 };
    await fc.assert(
      fc.asyncProperty(routingCases(questionsPerCase), (drawn) => checkCase(drawn, totals)),
      { numRuns: cases, seed, interruptAfterTimeLimit: soak > 0 ? 2 ** 31 - 1 : 100_000, markInterruptAsFailure: true },
    );
    console.log(`      ${totals.probes} probes agree; ${totals.undecidable} hang on a flow hash or a neighbour`);
    assert.ok(totals.probes >= 20_000);
    assert.ok(totals.undecidable < totals.probes / 50);
  });
});
