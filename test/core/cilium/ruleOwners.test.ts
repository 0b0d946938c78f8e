import assert from "node:assert/strict";
import { ruleOwner } from "../../../server/src/core/cilium/ruleOwners.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";

/** Owner and confidence of each rule, as `Cilium certain`; `-` for nobody's. */
function owners(rules: string): string[] {
  const { sections } = readTranscript("f", `0: from all lookup local\n${rules}\n32766: from all lookup main\n`);
  const read = sections.flatMap((section) => (section.kind === "rules" ? section.rules : []));
  return read.slice(1, -1).map((rule) => {
    const owner = ruleOwner(rule);
    return owner ? `${owner.owner} ${owner.confidence}` : "-";
  });
}

describe("ruleOwner", () => {
  const cases: readonly (readonly [rule: string, owner: string])[] = [
    ["1: from all fwmark 0xd00/0xf00 lookup 200", "Cilium certain"],
    ["1: from all fwmark 0xe00/0xf00 lookup 201", "Cilium certain"],
    ["8: from 10.1.0.7 to 198.51.100.0/24 lookup 302", "Cilium certain"],
    ["9: from all fwmark 0x200/0xf00 lookup 2004", "Cilium certain"],
    ["10: from all fwmark 0xa00/0xf00 lookup 2005", "Cilium certain"],
    ["10: from all fwmark 0xb00/0xf00 lookup 2005", "Cilium certain"],
    ["20: from all to 10.1.0.7 lookup main", "Cilium likely"],
    ["100: from all lookup local", "Cilium likely"],
    ["109: from all fwmark 0x80/0x80 lookup main", "Cilium certain"],
    ["110: from 10.1.0.7 to 10.0.0.0/8 lookup 27", "Cilium likely"],
    ["111: from 10.1.0.7 lookup 11", "Cilium likely"],
    ["512: from all to 10.1.0.7 lookup main", "AWS VPC CNI likely"],
    ["1024: from all fwmark 0x80/0x80 lookup main", "AWS VPC CNI likely"],
    ["1536: from 10.1.0.7 to 10.0.0.0/8 lookup 2", "AWS VPC CNI likely"],
    ["1536: from 10.1.0.7 lookup eni-1", "AWS VPC CNI likely"],
    ["5210: from all fwmark 0x80000/0xff0000 lookup main", "Tailscale likely"],
    ["5250: from all fwmark 0x80000/0xff0000 unreachable", "Tailscale likely"],
    ["5270: from all lookup 52", "Tailscale likely"],
    ["32764: not from all fwmark 0xca6c lookup 51820", "wg-quick likely"],
    ["31050: from all lookup main suppress_prefixlength 0", "NetworkManager likely"],
    ["31051: not from all fwmark 0xcaf1 lookup 51953", "NetworkManager likely"],
    ["4200000005: from all iif br-lan unreachable", "OpenWrt's netifd possible"],
    ["32765: not from all fwmark 0xe1f1 lookup 205", "NordVPN likely"],
    ["1000: from all lookup [l3mdev-table]", "The kernel certain"],
    ["220: from all lookup 220", "strongSwan likely"],
    ["220: not from all fwmark 0x42 lookup 220", "strongSwan likely"],
    ["10: from all iif eni0123456789a lookup 101", "AWS VPC CNI likely"],
    ["20: from all lookup local", "AWS VPC CNI likely"],
    ["1535: from all to 198.51.100.0/24 lookup main", "AWS VPC CNI likely"],
    ["1310: from all fwmark 0x80000/0xff0000 lookup main", "Tailscale likely"],
    ["1370: from all lookup 52", "Tailscale likely"],
    ["5270: not from all fwmark 0x80000 lookup 52", "Tailscale likely"],
    ["32764: not from all fwmark 0xca6d lookup 51821", "wg-quick likely"],
    ["32764: not from all fwmark 0x6d6f6c65 lookup 1836018789", "Mullvad likely"],
    ["110: not from all fwmark 0x1bd00 lookup 7120", "NetBird certain"],
    ["105: from all lookup main suppress_prefixlength 0", "NetBird likely"],
    ["9000: from all to 198.18.0.0/30 lookup 2022", "Clash/mihomo or sing-box likely"],
    ["9003: from all lookup 2022 suppress_prefixlength 0", "Clash/mihomo or sing-box likely"],
    ["32768: from all lookup 2022", "Clash/mihomo or sing-box likely"],
    ["30400: from 198.51.100.7 lookup 30400", "NetworkManager's nm-cloud-setup likely"],
    ["10001: from 198.51.100.7 lookup 10001", "amazon-ec2-net-utils likely"],
    ["3001: from all fwmark 0x100/0x3f00 unreachable", "mwan3 likely"],
    ["32764: from all fwmark 0x2b1c lookup 78", "kube-router likely"],
    ["30: from all fwmark 0x1745ec lookup 7", "OVN-Kubernetes certain"],
    ["6000: from 10.1.0.7 lookup 1011", "OVN-Kubernetes possible"],
    ["2000: from all fwmark 0x1001 lookup 1007", "OVN-Kubernetes possible"],
    ["32765: from all fwmark 0x1/0xff lookup 101", "Antrea likely"],
    ["74: from all fwmark 0x4000/0x4000 lookup main", "GKE's netd likely"],
    ["76: not from all iif eth0 lookup 1", "GKE's netd likely"],
    ["90009: from all iif lo lookup main", "OpenWrt's netifd possible"],

    ["9: from all fwmark 0x200 lookup 2004", "-"],
    ["9: from all lookup 2004", "-"],
    ["8: from all fwmark 0x200/0xf00 lookup 2004", "-"],
    ["100: from 10.1.0.0/16 lookup local", "-"],
    ["100: from all lookup main", "-"],
    ["20: from all to 10.1.0.0/16 lookup main", "-"],
    ["5270: from all lookup 53", "-"],
    ["50: from 10.1.0.0/16 lookup 100", "-"],
    ["50: from all iif eth0 lookup 100", "-"],
    ["10001: from 198.51.0.0/16 lookup 10002", "-"],
    ["30: from all fwmark 0x1745ed lookup 7", "-"],
    ["32765: from all fwmark 0x1/0xff lookup 121", "-"],
    ["32764: not from all fwmark 0xca6c lookup 51821", "-"],
    ["75: from all iif eth0 lookup main", "-"],
    ["10: from all iif eth0 lookup 101", "-"],
  ];
  for (const [rule, owner] of cases) it(`${rule}: ${owner}`, () => assert.deepEqual(owners(rule), [owner]));

  it("a rule for one address, looked up anywhere, is of a kind that many tools make", () => {
    assert.match(
      owners("32760: from 192.0.2.222 lookup 100")[0] ?? "",
      /^A tool for hosts with several interfaces .* possible$/,
    );
  });
});
