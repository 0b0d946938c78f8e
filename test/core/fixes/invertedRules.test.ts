import assert from "node:assert/strict";
import * as fc from "fast-check";
import { changedRegions } from "../../../server/src/core/fib/comparison/changedRegions.js";
import { flowWords } from "../../../server/src/core/fib/flowWords.js";
import { analyse, readFile } from "../../../server/src/core/index.js";
import { containsPrefix, hostPrefix } from "../../../server/src/core/net/prefix.js";
import { drawnRoutes } from "../findings/drawnDump.js";

const selectors = fc
  .tuple(
    fc.constantFrom("all", "10.1.1.0/24", "192.0.2.10"),
    fc.constantFrom("", " to 10.1.1.0/24", " to 192.0.2.0/24"),
    fc.constantFrom("", " fwmark 0x1", " fwmark 0x2/0x2", " iif eth0", " ipproto udp"),
  )
  .map(([from, to, more]) => `from ${from}${to}${more}`)
  .filter((words) => words !== "from all");

const rules = fc
  .tuple(fc.boolean(), selectors, fc.constantFrom("5", "6", "main"))
  .map(([isInverted, words, table]) => `${isInverted ? "not " : ""}${words} lookup ${table}`);

const dumps = fc
  .tuple(selectors, fc.array(rules, { maxLength: 3 }), fc.array(drawnRoutes, { maxLength: 6 }))
  .map(([inverted, others, routes]) =>
    [
      "$ ip rule",
      "0: from all lookup local",
      ...[`not ${inverted} lookup 5`, ...others].map((words, place) => `${1000 * (place + 1)}: ${words}`),
      "32766: from all lookup main",
      "32767: from all lookup default",
      "$ ip route show table all",
      "default via 192.0.2.1 dev wg0 table 5",
      "default via 192.0.2.1 dev eth0",
      "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10",
      "10.3.1.0/24 via 10.3.1.200 dev cilium_host",
      ...routes,
      "local 192.0.2.10 dev eth0 table local scope host",
    ].join("\n"),
  );

describe("the first repair of rules with `not`", function () {
  this.timeout(60_000);

  it("changes no flow but those to the routes that the rules take packets away from", () => {
    let repaired = 0;
    const property = fc.property(dumps, (text) => {
      for (const { node, findings } of analyse([readFile({ file: "node.txt", text })]).nodes) {
        for (const { finding, fixes } of findings) {
          const [first] = fixes;
          if (finding.data.code !== "shadowing-rule" || !finding.data.rule.not || !first) continue;
          repaired++;
          const { victims } = finding.data;
          for (const { flow } of changedRegions(node.state, first.state, 4).regions) {
            const isMeant = victims.some(({ route }) => containsPrefix(route.dst, hostPrefix(flow.dst)));
            assert.ok(isMeant, `${first.commands.join("\n")} changes ${flowWords(flow)}`);
          }
        }
      }
    });
    fc.assert(property, { numRuns: 80 });
    assert.ok(repaired > 20, `${repaired}`);
  });
});
