import assert from "node:assert/strict";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { routeWordAt, routeWords } from "../../../server/src/core/iproute/routeWords.js";

function fieldsOf(text: string): string[] {
  const section = readTranscript("", text).sections.find(({ kind }) => kind === "routes");
  assert.ok(section?.kind === "routes");
  return section.routes.flatMap(({ place }) =>
    routeWords(text, place).map(({ field, start, end }) => `${field}: ${text.slice(start, end)}`),
  );
}

describe("the parts of a route's text", () => {
  it("each keyword with its value", () => {
    assert.deepEqual(
      fieldsOf(
        "$ ip r\nlocal 10.9.0.0/16 via 10.0.0.1 dev eth0 table 7 proto static scope link src 10.0.0.2 metric 5 onlink mtu lock 1400\n",
      ),
      [
        "type: local",
        "dst: 10.9.0.0/16",
        "via: via 10.0.0.1",
        "dev: dev eth0",
        "table: table 7",
        "protocol: proto static",
        "scope: scope link",
        "src: src 10.0.0.2",
        "metric: metric 5",
        "flag: onlink",
        "attribute: mtu lock 1400",
      ],
    );
  });

  it("nexthops in their own lines, and colours between", () => {
    assert.deepEqual(
      fieldsOf("$ ip r\n\x1b[1;35m10.9.0.0\x1b[0m/16 \n\tnexthop via inet6 fe80::1 dev eth0 weight 2 linkdown \n"),
      [
        "dst: \x1b[1;35m10.9.0.0\x1b[0m/16".replace("\x1b[1;35m", ""),
        "nexthop: nexthop",
        "via: via inet6 fe80::1",
        "dev: dev eth0",
        "weight: weight 2",
        "flag: linkdown",
      ],
    );
  });

  it("the part under the cursor", () => {
    const text = "default via 10.0.0.1 dev eth0\n";
    assert.equal(routeWordAt(text, { start: 0, end: 29 }, text.indexOf("10.0"))?.field, "via");
    assert.equal(routeWordAt(text, { start: 0, end: 29 }, 0)?.field, "dst");
    assert.equal(routeWordAt(text, { start: 0, end: 29 }, 30), undefined);
  });
});

describe("the places of a rule's parts", () => {
  it("each field has its keyword and its value", () => {
    const text =
      "> 11:\tnot from 10.0.0.0/8 to 10.9.0.0 /16 iif \x1b[36meth0\x1b[0m [detached] lookup 7 suppress_prefixlength 0 proto static # why\n";
    const [section] = readTranscript("", text).sections;
    const rule = section?.kind === "rules" ? section.rules[0] : undefined;
    assert.ok(rule);
    assert.deepEqual(
      Object.entries(rule.fields).map(([field, { start, end }]) => `${field}: ${text.slice(start, end)}`),
      [
        "priority: 11",
        "not: not",
        "from: from 10.0.0.0/8",
        "to: to 10.9.0.0 /16",
        "iif: iif \x1b[36meth0\x1b[0m [detached]",
        "action: lookup 7",
        "suppressPrefixLength: suppress_prefixlength 0",
        "protocol: proto static",
      ],
    );
    assert.equal(rule.rest && text.slice(rule.rest.start, rule.rest.end), "# why");
    assert.equal(text.slice(rule.place.start, rule.place.end), text.slice(2, text.indexOf(" # why")));
  });

  it("a colour behind a part is no part of it", () => {
    const text = "11:\tfrom \x1b[1;35m10.0.0.1\x1b[0m lookup 7\n";
    const [section] = readTranscript("", text).sections;
    const from = section?.kind === "rules" ? section.rules[0]?.fields.from : undefined;
    assert.equal(from && text.slice(from.start, from.end), "from \x1b[1;35m10.0.0.1");
  });

  it("the parts of a wrapped rule stand where they stand", () => {
    const text = `$ ip rule\n32000: from 10.123.123.123 to 10.124.124.0/24 fwmark 0x200/0xf00 iif eth0.100 loo\nkup 100\n`;
    const [section] = readTranscript("", text).sections;
    const action = section?.kind === "rules" ? section.rules[0]?.fields.action : undefined;
    assert.equal(action && text.slice(action.start, action.end), "loo\nkup 100");
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
