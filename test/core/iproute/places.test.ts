import assert from "node:assert/strict";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import type { Rule } from "../../../server/src/core/iproute/rule.js";

function firstRule(text: string): Rule {
  const [section] = readTranscript("", text).sections;
  const rule = section?.kind === "rules" ? section.rules[0] : undefined;
  assert.ok(rule);
  return rule;
}

describe("the places of rules", () => {
  it("a rule stands without what surrounds it on its line", () => {
    const text =
      "> 11:\tnot from 10.0.0.0/8 to 10.9.0.0 /16 iif \x1b[36meth0\x1b[0m [detached] lookup 7 proto static # why\n";
    const { place, rest } = firstRule(text);
    assert.equal(text.slice(place.start, place.end), text.slice(2, text.indexOf(" # why")));
    assert.equal(rest && text.slice(rest.start, rest.end), "# why");
  });

  it("a colour behind it is no part of it", () => {
    const text = "11:\tfrom \x1b[1;35m10.0.0.1\x1b[0m lookup \x1b[36m7\x1b[0m\n";
    const { place } = firstRule(text);
    assert.equal(text.slice(place.start, place.end), "11:\tfrom \x1b[1;35m10.0.0.1\x1b[0m lookup \x1b[36m7");
  });

  it("a wrapped rule stands on both of its lines", () => {
    const text = `$ ip rule\n32000: from 10.123.123.123 to 10.124.124.0/24 fwmark 0x200/0xf00 iif eth0.100 loo\nkup 100\n`;
    const { place } = firstRule(text);
    assert.ok(text.slice(place.start, place.end).endsWith("eth0.100 loo\nkup 100"));
  });
});

describe("the places of routes", () => {
  it("each route stands where its line does, also where one line is like another", () => {
    const lines = [
      "10.1.0.0/16 via 10.0.0.1 dev eth0 proto bird ",
      "10.2.0.0/16 via 10.0.0.1 dev eth0 proto bird ",
      "10.3.0.0/16 via 10.0.0.1 dev lxc0123456789 proto bird",
      "10.3.0.1 dev veth1 scope link",
      "10.3.0.2 dev veth22 scope link",
      "2001:db8::1 dev veth22 metric 256 pref medium",
      "2001:db8::2 dev veth3 metric 256 pref medium",
    ];
    const text = `$ ip r show table all\n${lines.join("\n")}\n`;
    const routes = readTranscript("", text).sections.flatMap((section) =>
      section.kind === "routes" ? section.routes : [],
    );
    assert.deepEqual(
      routes.map(({ place }) => text.slice(place.start, place.end)),
      lines.map((line) => line.trimEnd()),
    );
    assert.deepEqual(
      routes.map(({ nexthops }) => nexthops[0]?.dev),
      ["eth0", "eth0", "lxc0123456789", "veth1", "veth22", "veth22", "veth3"],
    );
  });
});
