import assert from "node:assert/strict";
import { printRoute } from "../../server/src/core/iproute/printRoute.js";
import { readTranscript } from "../../server/src/core/iproute/readTranscript.js";
import type { Family } from "../../server/src/core/net/address.js";
import { mergeNode } from "../../server/src/core/state/mergeNode.js";
import { reservedTables } from "../../server/src/core/state/nodeState.js";
import { type Namespace, openNamespace } from "../../server/src/node/kernel/namespace.js";

/** Addresses of every kind: second ones, peers, point-to-point, hosts, one on a device that is down. */
const commands = [
  "link set lo up",
  "link add v0 type veth peer name w0",
  "link add v1 type veth peer name w1",
  ...["w0", "v0"].map((device) => `link set ${device} up`),
  "addr add 10.0.0.2/24 dev v0",
  "addr add 10.0.0.3/24 brd + dev v0",
  "addr add 10.0.0.77/25 dev v0",
  "addr add 10.88.0.1 peer 10.88.1.1/30 dev v0",
  "addr add 10.7.0.0/31 dev v0",
  "addr add 10.99.0.1/32 dev v0",
  "addr add 10.0.9.2/24 dev v1",
  "addr add 192.0.2.9/32 dev lo",
  "addr add 2001:db8::2/64 dev v0 nodad",
  "addr add 2001:db8::3/127 dev v0 nodad",
  "addr add 2001:db8:5::9/128 dev lo",
];

describe("The local table made out of addresses, against the kernel's", function () {
  this.timeout(30_000);
  let ns: Namespace;

  before(async function () {
    const opened = await openNamespace();
    if (typeof opened === "string") {
      console.log(`      skipped: ${opened}`);
      this.skip();
    }
    ns = opened;
    ns.run(
      "sh",
      "-ec",
      "echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad",
    );
    for (const [at, result] of ns.batch(commands).entries()) {
      assert.ok("output" in result, `${commands[at]}: ${JSON.stringify(result)}`);
    }
  });

  after(() => ns?.close());

  const kernelTable = (family: Family): string => ns.run("ip", `-${family}`, "route", "show", "table", "local");

  for (const [family, forwarding] of [
    [4, 0],
    [6, 0],
    [6, 1],
  ] as const) {
    it(`IPv${family}${family === 6 ? `, forwarding ${forwarding}` : ""}`, () => {
      const key = "/proc/sys/net/ipv6/conf/all/forwarding";
      ns.run("sh", "-ec", `echo ${forwarding} > ${key}; until ! ip addr | grep -q tentative; do sleep 0.05; done`);
      const dumps = ns.run("sh", "-c", `echo '$ ip addr'; ip addr; echo '$ grep . ${key}'; grep -H . ${key}`);
      const text = `$ ip -${family} route show table local\n${kernelTable(family)}`;
      const lines = (from: string) => {
        const table = mergeNode("node", [readTranscript("node.txt", from)]).families[family].tables.get(
          reservedTables.local,
        );
        return table?.routes.map((route) => printRoute(route).replace(" pref medium", "")).sort();
      };
      assert.deepEqual(lines(dumps), lines(text));
      assert.ok((lines(text) ?? []).length > 5);
    });
  }
});
