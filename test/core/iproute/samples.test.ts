import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dumpScore, looksLikeDump } from "../../../server/src/core/iproute/looksLikeDump.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import type { Transcript } from "../../../server/src/core/iproute/section.js";
import { lineSpans } from "../../../server/src/core/text/lines.js";

/** Other people's texts, which lie beside the repository and are not part of it. */
const samples = join("..", "shared", "samples");
const available = existsSync(samples);

/** What is in each text: `rules/routes` and problems where there are any. Checked against a count by two regular expressions. */
const counts = `
01-insights-route-table-all.txt: 14 routes
02-insights-route-table-all-2.txt: 36 routes
03-insights-route-bad.txt: 2 problems
04-insights-ip-addr.txt: links
05-insights-ip-neigh.txt: neighbours
06-ntc-route-mixed.txt: 12 routes
07-ntc-route-wlan.txt: 6 routes
08-ntc-route-linkdown.txt: 4 routes
09-ntc-addr.txt: links
10-ntc-addr-busybox.txt: links
11-jc-centos77-ip-route.txt: 4 routes
12-jc-ubuntu1804-ip-route.txt: 4 routes
13-jc-centos77-route.txt: 3 routes
14-jc-centos77-route-vn.txt: 3 routes
15-jc-centos77-route-6-n.txt: 19 routes
16-jc-ubuntu1804-netstat-r.txt: 2 routes, 1 problems
17-jc-ubuntu1804-netstat-rnee.txt: 3 routes
18-aws-cni-proposal-rules.txt: 4 rules, 8 routes
19-ovnk-egress-ip.txt: 5 rules, 1 routes
20-ovnk-egress-service.txt: 3 rules
21-ovnk-multi-vtep.txt: 3 rules, 6 routes
22-ovnk-service-policy.txt: 1 rules, 1 routes
23-neutron-routed-networks.txt: 7 routes
24-neutron-intro-route.txt: 4 routes
25-frr-flowspec-rules.txt: 4 rules
27-calico-nm-cloud-setup.txt: 5 routes
29-osm-dual-isp-docker.txt: change
30-ec2-swarm-two-enis.txt: 4 rules, 18 routes
32-aws-cni-344-routes.txt: 23 routes
34-cilium-8985-log-embedded.txt: 4 rules
35-tailscale-21146-unreachable.txt: 4 rules
37-tailscale-12667-tabular.txt: 15 rules
38-tailscale-4038-udm.txt: 4 rules
40-systemd-41350-rules-gone.txt: 3 rules
41-systemd-11280-alternating.txt: 8 rules, 1 problems
43-strongswan-1626-table-missing.txt: 4 rules
45-android-427-rules.txt: 13 rules
47-android-76-diff.txt: 9 rules, 2 routes
48-keepalived-246-duplicates.txt: 19 rules
50-mwan3-15640.txt: 2 rules, 7 routes, 1 problems, links
51-mwan3-4685.txt: 4 rules, 4 routes
52-openwrt-pbr-153.txt: 1 rules, 11 routes, 1 problems
54-sonic-6236-vrf.txt: 4 rules
56-genie-171-unreachable.txt: 21 routes, 1 problems
57-systemd-9745-v6-error.txt: 17 routes
59-calico-9010-blackhole.txt: 25 routes
62-openclash-4321-redacted.txt: 15 rules, 3 routes, 2 problems
63-wg-0.0.0.0-1.txt: 4 routes, change
65-spiderpool-3686.txt: 2 rules, 9 routes
67-nm-wireguard-5.txt: 11 routes
68-openwrt-13785-source-specific.txt: 10 routes
69-linux-ip-net-map-to.txt: 8 rules
01-k8s-snap-903-pref100-before-local.txt: 11 rules
02-aws-vpc-cni-705-missing-to-pod-rules.txt: 12 rules
05-tailscale-19876-from-all-lookup-52-in-pod.txt: 7 rules, 2 routes
06-tailscale-14706-table52-default-no-throw.txt: 19 routes
08-fwmark2004-blackhole-docker-compose.txt: 4 rules, 1 routes
10-tailscale-accept-routes-own-lan-in-table52.txt: 7 rules, 1 routes
12-rp-filter-lxc-martian-source.txt: 6 routes, packets, links, sysctls
13-systemd-41350-default-rules-deleted.txt: 3 rules
16-cilium-12098-from-rule-catches-reply.txt: 1 rules
18-calicoctl-1377-rpf-tunl0-vs-eth.txt: 14 routes, packets
22-kubevirt-13074-missing-lookup100-rule.txt: 4 rules, 4 routes
24-systemd-11280-from-rules-vanish.txt: 16 rules
25-bottlerocket-3436-before-restart.txt: 10 rules, 9 routes
`;

function summary({ sections, problems }: Transcript): string {
  const rules = sections.reduce((sum, section) => sum + (section.kind === "rules" ? section.rules.length : 0), 0);
  const routes = sections.reduce((sum, section) => sum + (section.kind === "routes" ? section.routes.length : 0), 0);
  const others = sections.flatMap((section) =>
    section.kind === "rules" || section.kind === "routes" ? [] : [section.kind],
  );
  const words = [`${rules} rules`, `${routes} routes`, `${problems.length} problems`].filter(
    (word) => !word.startsWith("0 "),
  );
  return [...words, ...new Set(others)].join(", ");
}

/** A line that a person takes for a rule, whatever stands before and behind it. */
const ruleLike = /(?<![\d.:/\w-])\d{1,10}:?(?:\\t|[\t ])*(?:not )?from (?:all|[\d.]+(?:\/\d+)?|[\d.]*\*\S*)(?= |$)/;

/** A line that a person takes for a route. */
const routeLike =
  /^[\s>+*]*(?:(?:local|broadcast|multicast|unreachable|blackhole|prohibit|throw|anycast) )?(?:default|[\d.*]+\.[\d.*]+(?:\/\d+)?|[0-9a-f:]*:[0-9a-f:.]*(?:\/\d+)?) +(?:via \S*\d|dev|proto|scope|metric|table|nhid|from [0-9a-f:]+\/)/;

/** Lines that look like a rule or route and are neither read, nor reported, nor knowingly set aside. */
function overlooked(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const { sections, problems, remarks } = readTranscript(file, text);
  const known = [
    ...sections.flatMap((section) => {
      if (section.kind === "rules") return section.rules.map(({ place }) => place);
      if (section.kind === "routes") return section.routes.map(({ place }) => place);
      if (section.kind === "neighbours") return section.neighbours.map(({ place }) => place);
      return section.kind === "change" ? [section.place] : [];
    }),
    ...problems.map(({ place }) => place),
  ];
  const asked = remarks.map(({ start, end }) => text.slice(start, end));
  return [...lineSpans(text)]
    .filter(({ start, end }) => {
      const line = text.slice(start, end);
      if (!ruleLike.test(line) && !routeLike.test(line)) return false;
      if (known.some((place) => place.start < end && start < place.end)) return false;
      // Answers of `ip route get`, cached copies and the lines of `ip monitor` are no entries of a table.
      return !asked.some(
        (remark) =>
          line.includes(remark.trim()) && /uid \d|\[nsid|Deleted|Timestamp|metric 0|4294967295|src /.test(line),
      );
    })
    .map(({ start, end }) => text.slice(start, end));
}

function textsOf(folder: string): string[] {
  return available
    ? readdirSync(join(samples, folder)).filter((name) => name.endsWith(".txt") || name.endsWith(".log"))
    : [];
}

describe("other people's texts", () => {
  before(function () {
    if (!available) {
      console.log("      skipped: ../shared/samples is not there");
      this.skip();
    }
  });

  const expected = new Map(
    counts
      .trim()
      .split("\n")
      .map((line): [string, string] => [line.split(": ")[0] ?? "", line.split(": ")[1] ?? ""]),
  );
  for (const folder of ["iproute2", "incidents"]) {
    for (const name of textsOf(folder)) {
      const file = join(samples, folder, name);
      it(`${name}: every rule and route is read or reported`, () => {
        assert.equal(summary(readTranscript(file, readFileSync(file, "utf8"))), expected.get(name) ?? "");
        assert.deepEqual(overlooked(file), []);
      });
    }
  }

  for (const name of textsOf("cilium")) {
    it(`${name}: a log is no dump`, () => {
      const text = readFileSync(join(samples, "cilium", name), "utf8");
      assert.equal(dumpScore(text), 0);
      assert.deepEqual(readTranscript(name, text).problems, []);
    });
  }

  it("dumps are recognised by what is in them", () => {
    const missed = textsOf("iproute2").filter(
      (name) => !looksLikeDump(readFileSync(join(samples, "iproute2", name), "utf8")),
    );
    // Three damaged lines, and two changes told by `ip monitor`.
    assert.deepEqual(missed, ["03-insights-route-bad.txt", "60-bird-61-monitor.txt"]);
  });
});
