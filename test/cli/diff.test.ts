import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertSchema } from "./assertSchema.js";
import { runPacketwalk } from "./runPacketwalk.js";

/** A node whose proxy rule and `local` at 100 are gone in the later dump. */
const earlierDump = `$ ip rule
9:	from all fwmark 0x200/0xf00 lookup 2004
100:	from all lookup local
30000:	from 192.0.2.10 lookup 200
32766:	from all lookup main
32767:	from all lookup default
$ ip route show table all
local default dev lo table 2004
default via 192.0.2.1 dev eth1 table 200
default via 192.0.2.1 dev eth0
10.3.1.0/24 via 10.3.1.200 dev cilium_host src 10.3.1.200
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
local 192.0.2.10 dev eth0 table local proto kernel scope host src 192.0.2.10
`;
const laterDump = earlierDump
  .split("\n")
  .filter((line) => !/^(?:9|30000):/.test(line))
  .join("\n")
  .replace("100:", "0:");

const diff = (words: readonly string[]) => runPacketwalk(["diff", ...words]);

describe("packetwalk diff", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "packetwalk-diff-"));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const [earlier, later] = [file("before.txt", earlierDump), file("after.txt", laterDump)];

  after(() => rmSync(folder, { recursive: true }));

  it("lists what came, went and moved, the flows that change, and who does such a thing", () => {
    const { code, out } = diff([earlier, later]);
    assert.equal(code, 1);
    for (const part of [
      `  - 9: from all fwmark 0x200/0xf00 lookup 2004 [Cilium]  (${earlier}:2:1)`,
      `  - 30000: from 192.0.2.10 lookup 200  (${earlier}:4:1)`,
      `  ~ 0: from all lookup local (priority was 100)`,
      "! forwarded packets and the node's own to 10.3.1.0/24 from anywhere, fwmark 0x200/0xf00",
      "    before: this host (table 2004)",
      "    after:  cilium_host via 10.3.1.200 (table main)",
      "  forwarded packets and the node's own to anywhere except 10.3.1.0/24, 192.0.2.0/24 from 192.0.2.10",
      "    before: eth1 via 192.0.2.1 (table 200)",
      "  systemd-networkd: ",
      "ManageForeignRoutingPolicyRules=no",
    ]) {
      assert.ok(out.includes(part), `"${part}" is missing in:\n${out}`);
    }
  });

  it("keeps its contract with --json, and its parts tell exactly which flows change", () => {
    const { out } = diff([earlier, later, "--json"]);
    assertSchema("diff", JSON.parse(out));
    const [comparison] = JSON.parse(out).comparisons;
    const marked = comparison.flows.regions.find(
      (region: { before: { table: string }; after: { dev: string } }) =>
        region.before.table === "2004" && region.after.dev === "cilium_host",
    );
    assert.ok(marked.worse);
    assert.deepEqual(marked.parts[0].to, ["10.3.1.0/24"]);
    assert.deepEqual(marked.parts[0].numbers, { fwmark: ["0x200/0xf00"] });
    assert.equal(comparison.changes[0].line, 2);
  });

  it("compares the successive dumps of one file", () => {
    const both = file("both.txt", `${earlierDump}\n${laterDump}`);
    const { code, out } = diff([both]);
    assert.equal(code, 1);
    assert.match(out, /^Node packetwalk-diff-\w+: .*both\.txt:1:3 > .*both\.txt:15:3$/m);
    assert.match(out, /^ {2}- 9: /m);
  });

  it("fails by what is worse, and says when nothing differs", () => {
    const same = diff([earlier, earlier]);
    assert.deepEqual([same.code, /no difference\nNo flow changes/.test(same.out)], [0, true]);
    const more = file("more.txt", `${earlierDump}198.51.100.0/24 via 192.0.2.9 dev eth0\n`);
    assert.equal(diff([earlier, more]).code, 0);
    assert.equal(diff([earlier, more, "--fail-on", "information"]).code, 1);
    assert.equal(diff([earlier, later, "--fail-on", "never"]).code, 0);
  });

  it("says what cannot be compared", () => {
    const routes = file("routes.txt", earlierDump.slice(earlierDump.indexOf("$ ip route")));
    const { out } = diff([earlier, routes]);
    assert.match(out, /Only one of the two shows, or not whole: the IPv4 rules\./);
    assert.match(out, /Which flows change is not known/);
    const once = diff([earlier]);
    assert.deepEqual([once.code, /nothing is dumped twice/.test(once.err)], [2, true]);
    assert.equal(diff([earlier, "no/such/file"]).code, 2);
  });
});
