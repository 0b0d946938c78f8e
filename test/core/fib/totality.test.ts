import assert from "node:assert/strict";
import * as fc from "fast-check";
import { compileFib } from "../../../server/src/core/fib/compileFib.js";
import { lookup } from "../../../server/src/core/fib/lookup.js";
import { parseRouteGet } from "../../../server/src/core/fib/parseRouteGet.js";
import { routeGet } from "../../../server/src/core/fib/routeGet.js";
import { validateSource } from "../../../server/src/core/fib/validateSource.js";
import { printRule } from "../../../server/src/core/iproute/printRule.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import type { Family } from "../../../server/src/core/net/address.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";
import { rule } from "../iproute/arbitraryRule.js";
import { addresses, flows } from "./arbitraryNode.js";

/** Lines of dumps, whole or torn. */
const lines = fc.oneof(
  fc.constantFrom(
    "$ ip rule",
    "$ ip route show table all",
    "$ ip -6 rule",
    "$ ip route show table 100",
    "default via 10.0.0.1 dev v0",
    "default",
    "\tnexthop via 10.0.0.1 dev v0 weight 1",
    "10.0.0.0/8 via 10.0.0.1",
    "unreachable default table 100 metric 4294967295",
    "2001:db8::/32 from ::/0 dev v1 metric 5",
    "local 10.0.0.2 dev lo table local",
    "2: v0: <UP> mtu 1500 master v0 group 7",
    "    inet 10.0.0.2/32 scope global v0",
    "net.ipv4.conf.all.rp_filter = many",
  ),
  rule(4).map(printRule),
  rule(6).map(printRule),
  fc.string(),
);

describe("The look-up's totality", () => {
  it("answers whatever the dumps hold", () => {
    const cases = fc
      .constantFrom<Family>(4, 6)
      .chain((family) => fc.tuple(fc.array(lines, { maxLength: 30 }), flows(family), addresses(family)));
    fc.assert(
      fc.property(cases, ([text, flow, src]) => {
        const state = mergeNode("node", [readTranscript("node.txt", text.join("\n"))]);
        const fib = compileFib(state, flow.family);
        assert.ok(lookup(fib, flow).type);
        assert.ok(lookup(fib, { ...flow, fwmark: undefined, iif: undefined, ipproto: undefined }).type);
        assert.ok(routeGet(fib, { dst: flow.dst, from: src, iif: "v0" }).type);
        assert.ok(routeGet(fib, { dst: flow.dst, oif: "v0" }).type);
        assert.ok(validateSource(fib, { ...flow, src, iif: "v0", leavesBy: null }).type);
      }),
      { numRuns: 400 },
    );
  });

  it("reads any words as a question or says which one is none", () => {
    const words = fc.array(
      fc.oneof(fc.constantFrom("from", "iif", "mark", "tos", "10.0.0.1", "0x10", "::1"), fc.string()),
    );
    fc.assert(
      fc.property(words, (list) => {
        const query = parseRouteGet(list);
        assert.ok("type" in query ? query.at <= list.length && query.message.endsWith(".") : query.dst);
      }),
    );
  });
});
