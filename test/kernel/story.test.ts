import assert from "node:assert/strict";
import { decide } from "../../server/src/core/fib/decide.js";
import { forwardedFlow } from "../../server/src/core/fib/flow.js";
import { parseAddress } from "../../server/src/core/net/address.js";
import { type Namespace, openNamespace } from "../../server/src/node/kernel/namespace.js";
import { compareAnswers, readNode } from "./agreement.js";

/**
 * The node of the story: a rule for a second address takes the replies to pods away from cilium_host. As found, and with each repair that
 * was proposed, the kernel and we must say the same.
 */
const links = [
  "link set lo up",
  "link add eth0 type veth peer name wire",
  "link add cilium_host type veth peer name cilium_net",
  ...["wire", "eth0", "cilium_net", "cilium_host"].map((device) => `link set ${device} up`),
  "addr add 10.10.40.11/24 dev eth0",
  "addr add 171.0.1.150/32 dev cilium_host",
];

const routing = [
  "route add default via 10.10.40.254 dev eth0",
  "route add 171.0.1.150 dev cilium_host scope link",
  "route add 171.0.0.0/24 via 171.0.1.150 dev cilium_host src 171.0.1.150 mtu 1450",
  "route add 171.0.1.0/24 via 171.0.1.150 dev cilium_host src 171.0.1.150",
  "route add default via 10.10.40.254 dev eth0 table 100",
  "rule add pref 100 lookup local",
  "rule del pref 0",
  "rule add pref 9 fwmark 0x200/0xf00 lookup 2004",
  "rule add pref 10 fwmark 0xa00/0xf00 lookup 2005",
  "rule add pref 32760 from 10.10.40.222 lookup 100",
];

const reply = "171.0.1.83 from 10.10.40.222 iif eth0";
const ownAddress = "171.0.1.150 from 10.10.40.222 iif eth0";
const elsewhere = "8.8.8.8 from 10.10.40.222 iif eth0";
const ownSubnet = "10.10.40.7 from 10.10.40.222 iif eth0";
const questions = [
  reply,
  ownAddress,
  elsewhere,
  ownSubnet,
  "171.0.0.5 from 10.10.40.222 iif eth0",
  "171.0.1.83",
  "171.0.1.83 from 10.10.40.11",
  "171.0.1.150",
  "10.10.40.11 from 171.0.1.83 iif cilium_host",
  "171.0.1.83 from 10.10.40.222 iif eth0 mark 0x200",
];

/** Where the four packets go: by which device, or to the node itself. */
interface Outcome {
  readonly reply: string;
  readonly ownAddress: string;
  readonly elsewhere: string;
  readonly ownSubnet: string;
}

const asFound: Outcome = {
  reply: "eth0 table 100",
  ownAddress: "local",
  elsewhere: "eth0 table 100",
  ownSubnet: "eth0 table 100",
};

const repairs: readonly { readonly title: string; readonly rule?: string; readonly outcome: Outcome }[] = [
  { title: "as found the reply leaves by eth0", outcome: asFound },
  {
    title: "the article's 171.0.0.0/24 leaves the reply there",
    rule: "from 10.10.40.222 to 171.0.0.0/24 lookup main pref 20",
    outcome: asFound,
  },
  {
    title: "the right prefix before `lookup local` repairs the reply and takes the own address",
    rule: "from 10.10.40.222 to 171.0.1.0/24 lookup main pref 20",
    outcome: { ...asFound, reply: "cilium_host table main", ownAddress: "cilium_host table main" },
  },
  {
    title: "the right prefix just before the rule repairs the reply and does no harm",
    rule: "from 10.10.40.222 to 171.0.1.0/24 lookup main pref 32759",
    outcome: { ...asFound, reply: "cilium_host table main" },
  },
  {
    title: "main without its default route repairs the reply and the own subnet",
    rule: "from 10.10.40.222 lookup main suppress_prefixlength 0 pref 32759",
    outcome: { ...asFound, reply: "cilium_host table main", ownSubnet: "eth0 table main" },
  },
];

function dump(ns: Namespace): string {
  const commands = [
    "ip rule show",
    "ip route show table all",
    "ip addr show",
    "grep -H . /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/accept_local",
  ];
  return ns.run("sh", "-c", commands.map((line) => `echo '[root@c7-2 ~]# ${line}'\n${line}`).join("\n"));
}

describe("The story against the kernel", function () {
  this.timeout(60_000);
  let ns: Namespace;

  before(async function () {
    const opened = await openNamespace();
    if (typeof opened === "string") {
      console.log(`      skipped: ${opened}`);
      this.skip();
    }
    ns = opened;
    const settings = [
      "echo 1 > /proc/sys/net/ipv4/ip_forward",
      ...["all", "default"].map((device) => `echo 0 > /proc/sys/net/ipv4/conf/${device}/rp_filter`),
    ];
    ns.run("sh", "-ec", settings.join("\n"));
    for (const [at, result] of ns.batch([...links, ...routing]).entries()) {
      assert.ok("output" in result, `${[...links, ...routing][at]}: ${JSON.stringify(result)}`);
    }
  });

  after(() => ns?.close());

  for (const { title, rule, outcome } of repairs) {
    it(title, () => {
      const added = rule === undefined ? [] : ns.batch([`rule add ${rule}`]);
      assert.ok(
        added.every((result) => "output" in result),
        JSON.stringify(added),
      );
      const fib = readNode("node.txt", dump(ns), 4);
      const agreement = compareAnswers(ns, 4, questions, new Map([["text", fib]]));
      if (rule !== undefined) ns.batch([`rule del ${rule}`]);
      assert.equal(agreement.difference, undefined);
      assert.equal(agreement.probes, questions.length * 2);
      const way = (words: string) => {
        const [dst, , src] = words.split(" ").map(parseAddress);
        assert.ok(dst && src);
        const decision = decide(fib, forwardedFlow({ dst, src, iif: "eth0", fwmark: 0, tos: 0, ipproto: 1 }));
        if (decision.type !== "route") return decision.type;
        const { route, table, nexthops } = decision;
        return route.type === "local"
          ? "local"
          : `${route.nexthops[nexthops[0] ?? 0]?.dev} table ${table.name ?? table.id}`;
      };
      const ours = {
        reply: way(reply),
        ownAddress: way(ownAddress),
        elsewhere: way(elsewhere),
        ownSubnet: way(ownSubnet),
      };
      assert.deepEqual(ours, outcome);
    });
  }
});
