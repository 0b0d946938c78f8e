import assert from "node:assert/strict";
import { decide } from "../../../server/src/core/fib/decide.js";
import { fibOf } from "../../../server/src/core/fib/fibOf.js";
import { forwardedFlow } from "../../../server/src/core/fib/flow.js";
import { flowWords } from "../../../server/src/core/fib/flowWords.js";
import type { Goal } from "../../../server/src/core/fixes/candidate.js";
import { findSourceEffects } from "../../../server/src/core/fixes/findSourceEffects.js";
import { judgeEffect } from "../../../server/src/core/fixes/judgeEffect.js";
import { analyse, readFile } from "../../../server/src/core/index.js";
import { parseAddress } from "../../../server/src/core/net/address.js";
import { setSysctl } from "../../../server/src/core/state/editSysctls.js";
import type { NodeState } from "../../../server/src/core/state/nodeState.js";

function nodeOf(text: string): NodeState {
  const [node] = analyse([readFile({ file: "node.txt", text })]).nodes;
  assert.ok(node);
  return node.node.state;
}

/** What it is to take packets of another node's pods to the default route, where the route to them is as given. */
function takenFrom(route: string): string {
  const state = nodeOf(`$ ip rule
0: from all lookup local
32766: from all lookup main
32767: from all lookup default
$ ip route
default via 192.0.2.1 dev eth0
10.3.1.0/24 via 10.3.1.200 dev cilium_host
${route}
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
`);
  const answerTo = (text: string) => {
    const dst = parseAddress(text);
    const src = parseAddress("198.51.100.7");
    assert.ok(dst && src);
    return decide(fibOf(state, 4), forwardedFlow({ dst, src, iif: "eth0", fwmark: 0, tos: 0, ipproto: 6 }));
  };
  const [before, after] = [answerTo("10.3.2.9"), answerTo("203.0.113.9")];
  return judgeEffect(state, { before, after }, before);
}

describe("Side effects of fixes", () => {
  it("are harmful where pods of another node lose their packets, and not where a neighbouring network does", () => {
    assert.equal(takenFrom("10.3.2.0/24 via 192.0.2.11 dev eth0 proto kernel"), "harmful");
    assert.equal(takenFrom("10.3.2.0/24 via 192.0.2.11 dev eth0 proto static"), "neutral");
  });

  it("of a setting hold forwarded packets, whose way back begins at the device that they leave by", () => {
    const state = nodeOf(`$ ip rule
0: from all lookup local
100: from all iif eth1 lookup 200
32766: from all lookup main
32767: from all lookup default
$ ip route show table all
default via 198.51.100.1 dev eth1 table 200
default via 192.0.2.1 dev eth0
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.10
local 192.0.2.10 dev eth0 table local proto kernel scope host src 192.0.2.10
local 198.51.100.10 dev eth1 table local proto kernel scope host src 198.51.100.10
$ ip addr
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 198.51.100.10/24 brd 198.51.100.255 scope global eth1
$ sysctl -a
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 1
net.ipv4.conf.eth0.accept_local = 0
net.ipv4.conf.all.accept_local = 0
net.ipv4.conf.all.src_valid_mark = 0
net.ipv4.conf.eth0.src_valid_mark = 0
`);
    const goal: Goal = { purpose: "repair", targets: [], natural: state, isWanted: () => true };
    const lenient = setSysctl(state, "net.ipv4.conf.eth0.rp_filter", "0");
    const found = findSourceEffects(state, lenient, goal).effects.map(({ flow, before, judgement }) =>
      [flowWords(flow), before.type === "error" ? before.error : before.type, judgement].join(", "),
    );
    const forwarded = found.filter((line) => line.startsWith("198.51.100.1 "));
    assert.ok(forwarded.length > 0, found.join("\n"));
    assert.ok(
      forwarded.every((line) => line.endsWith(", invalid-source, neutral")),
      forwarded.join("\n"),
    );
    const withoutForwarding = setSysctl(state, "net.ipv4.ip_forward", "0");
    const own = findSourceEffects(
      withoutForwarding,
      setSysctl(withoutForwarding, "net.ipv4.conf.eth0.rp_filter", "0"),
      goal,
    );
    assert.ok(own.effects.every(({ flow }) => !flowWords(flow).startsWith("198.51.100.1 ")));
  });
});
