/** Nodes as their software sets them up, typed by hand in the form of `ip rule` and `ip route`, with made-up addresses. All is well with each. */
const usual = "32766: from all lookup main\n32767: from all lookup default";

function node(rules: string, tables: Readonly<Record<string, string>>): string {
  const lists = Object.entries(tables).map(([name, routes]) => `$ ip route show table ${name}\n${routes}`);
  return `$ ip rule\n${rules}\n${usual}\n${lists.join("\n")}\n`;
}

const uplink =
  "default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.10\n192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10";
const own =
  "local 192.0.2.10 dev eth0 proto kernel scope host src 192.0.2.10\nlocal 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1";
const ciliumProxy =
  "9: from all fwmark 0x200/0xf00 lookup 2004\n10: from all fwmark 0xa00/0xf00 lookup 2005\n100: from all lookup local";
const ciliumTables = {
  2004: "local default dev lo proto kernel",
  2005: "default via 10.0.1.200 dev cilium_host proto kernel\n10.0.1.200 dev cilium_host proto kernel scope link",
};
const pods = Array.from({ length: 8 }, (_, at) => `10.20.0.${at + 20}`);

/** By what runs on them. */
export const healthyNodes: Readonly<Record<string, string>> = {
  "nothing in particular": node("0: from all lookup local", { main: uplink, local: own }),
  "Cilium with VXLAN": node(ciliumProxy, {
    ...ciliumTables,
    main: `${uplink}\n10.0.0.0/24 via 10.0.1.200 dev cilium_host proto kernel src 10.0.1.200 mtu 1450\n10.0.1.0/24 via 10.0.1.200 dev cilium_host proto kernel src 10.0.1.200\n10.0.1.200 dev cilium_host proto kernel scope link`,
    local: `${own}\nlocal 10.0.1.200 dev cilium_host proto kernel scope host src 10.0.1.200`,
  }),
  "Cilium in ENI mode": node(
    [
      ciliumProxy.replace(
        "100: from all lookup local",
        pods.map((pod) => `20: from all to ${pod} lookup main`).join("\n"),
      ),
      "100: from all lookup local",
      "109: from all fwmark 0x80/0x80 lookup main",
      ...pods.map((pod, at) => `111: from ${pod} to 10.20.0.0/16 lookup ${10 + (at % 2)}`),
    ].join("\n"),
    {
      ...ciliumTables,
      10: "default via 10.20.64.1 dev eth1\n10.20.64.1 dev eth1 scope link",
      11: "default via 10.20.96.1 dev eth2\n10.20.96.1 dev eth2 scope link",
      main: `${uplink}\n${pods.map((pod, at) => `${pod} dev lxc0a1b2c3d4e5${at} proto kernel scope link`).join("\n")}`,
      local: `${own}\nlocal 10.20.0.7 dev cilium_host proto kernel scope host src 10.20.0.7`,
    },
  ),
  "AWS VPC CNI": node(
    [
      "0: from all lookup local",
      ...pods.map((pod) => `512: from all to ${pod} lookup main`),
      "1024: from all fwmark 0x80/0x80 lookup main",
      ...pods.slice(4).map((pod) => `1536: from ${pod} lookup 2`),
    ].join("\n"),
    {
      2: "default via 10.20.0.1 dev eth1\n10.20.0.1 dev eth1 scope link",
      main: `${uplink}\n${pods.map((pod, at) => `${pod} dev eni0123456789${at} scope link`).join("\n")}`,
      local: own,
    },
  ),
  "Calico with IP-in-IP": node("0: from all lookup local", {
    main: `${uplink}\n10.48.3.0/26 via 192.0.2.11 dev tunl0 proto bird onlink\nblackhole 10.48.1.64/26 proto bird\n10.48.1.65 dev cali0123456789a scope link`,
    local: own,
  }),
  "Calico with WireGuard": node("0: from all lookup local\n99: not from all fwmark 0x200000/0x200000 lookup 1", {
    1: "10.48.3.0/26 dev wireguard.cali scope link\nthrow 10.48.1.64/26",
    main: `${uplink}\n10.48.3.0/26 via 192.0.2.11 dev eth0 proto bird\n10.48.1.65 dev cali0123456789a scope link`,
    local: own,
  }),
  "kube-router": node("0: from all lookup local\n32765: from 10.40.1.0/24 lookup 77", {
    77: "10.40.2.0/24 dev tun-192021120 proto 17 src 192.0.2.10",
    main: `${uplink}\n10.40.1.0/24 dev kube-bridge proto kernel scope link src 10.40.1.1\n10.40.2.0/24 dev tun-192021120 proto 17 src 192.0.2.10`,
    local: `${own}\nlocal 10.40.1.1 dev kube-bridge proto kernel scope host src 10.40.1.1`,
  }),
  Flannel: node("0: from all lookup local", {
    main: `${uplink}\n10.42.0.0/24 dev cni0 proto kernel scope link src 10.42.0.1\n10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink`,
    local: own,
  }),
  Tailscale: node(
    "0: from all lookup local\n5210: from all fwmark 0x80000/0xff0000 lookup main\n5230: from all fwmark 0x80000/0xff0000 lookup default\n5250: from all fwmark 0x80000/0xff0000 unreachable\n5270: from all lookup 52",
    {
      52: "100.64.9.9 dev tailscale0\n100.100.100.100 dev tailscale0\n10.99.0.0/16 dev tailscale0",
      main: uplink,
      local: own,
    },
  ),
  "Tailscale with an exit node": node(
    "0: from all lookup local\n5210: from all fwmark 0x80000/0xff0000 lookup main\n5230: from all fwmark 0x80000/0xff0000 lookup default\n5250: from all fwmark 0x80000/0xff0000 unreachable\n5270: from all lookup 52",
    {
      52: "default dev tailscale0\nthrow 127.0.0.0/8\nthrow 10.42.0.0/24\n100.64.9.9 dev tailscale0",
      main: `${uplink}\n10.42.0.0/24 dev cni0 proto kernel scope link src 10.42.0.1`,
      local: own,
    },
  ),
  "wg-quick": node(
    "0: from all lookup local\n32764: from all lookup main suppress_prefixlength 0\n32765: not from all fwmark 0xca6c lookup 51820",
    {
      51820: "default dev wg0 scope link",
      main: `${uplink}\n10.8.0.0/24 dev wg0 proto kernel scope link src 10.8.0.2`,
      local: own,
    },
  ),
  Mullvad: node(
    "0: from all lookup local\n32764: from all lookup main suppress_prefixlength 0\n32765: not from all fwmark 0x6d6f6c65 lookup 1836018789",
    { 1836018789: "default dev wg0-mullvad scope link", main: uplink, local: own },
  ),
  mwan3: node(
    "0: from all lookup local\n1001: from all iif eth0 lookup 1\n1002: from all iif eth1 lookup 2\n2001: from all fwmark 0x100/0x3f00 lookup 1\n2002: from all fwmark 0x200/0x3f00 lookup 2\n2061: from all fwmark 0x3d00/0x3f00 blackhole\n2062: from all fwmark 0x3e00/0x3f00 unreachable",
    {
      1: "default via 192.0.2.1 dev eth0\n192.168.1.0/24 dev br-lan proto kernel scope link src 192.168.1.1",
      2: "default via 198.51.100.1 dev eth1\n192.168.1.0/24 dev br-lan proto kernel scope link src 192.168.1.1",
      main: `${uplink}\n198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.7\n192.168.1.0/24 dev br-lan proto kernel scope link src 192.168.1.1`,
      local: own,
    },
  ),
  "AWS VPC CNI with security groups for pods": node(
    [
      "10: from all iif eni0123456789a lookup 101",
      "10: from all iif vlan.eth.1 lookup 101",
      "20: from all lookup local",
      "512: from all to 10.20.0.20 lookup main",
      "1024: from all fwmark 0x80/0x80 lookup main",
      "1535: from all to 203.0.113.0/24 lookup main",
      "1536: from 10.20.0.20 lookup 2",
    ].join("\n"),
    {
      2: "default via 10.20.0.1 dev eth1\n10.20.0.1 dev eth1 scope link",
      101: "default via 10.20.0.1 dev vlan.eth.1\n10.20.0.1 dev vlan.eth.1 scope link\n10.20.0.30 dev eni0123456789a scope link",
      main: `${uplink}\n10.20.0.20 dev eni0123456789b scope link`,
      local: own,
    },
  ),
  "OVN-Kubernetes with an egress IP": node(
    "0: from all lookup local\n30: from all fwmark 0x1745ec lookup 7\n5999: from all fwmark 0x3f0 lookup main\n6000: from 10.128.0.20 lookup 1011",
    {
      7: "10.96.0.0/16 via 10.128.0.1 dev ovn-k8s-mp0",
      1011: "default via 198.51.100.1 dev eth1\n198.51.100.0/24 dev eth1 scope link",
      main: `${uplink}\n198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.7\n10.128.0.0/14 via 10.128.0.1 dev ovn-k8s-mp0\n10.128.0.0/23 dev ovn-k8s-mp0 proto kernel scope link src 10.128.0.2`,
      local: own,
    },
  ),
  "Antrea with an egress in another subnet": node(
    "0: from all lookup local\n32765: from all fwmark 0x1/0xff lookup 101",
    {
      101: "default via 198.51.100.1 dev eth1.10\n198.51.100.0/24 dev eth1.10 scope link",
      main: `${uplink}\n10.10.0.0/24 dev antrea-gw0 proto kernel scope link src 10.10.0.1\n10.10.1.0/24 via 10.10.1.1 dev antrea-gw0 onlink`,
      local: own,
    },
  ),
  "GKE with intranode visibility": node(
    [
      "0: from all lookup local",
      "70: from all to 127.0.0.0/8 lookup local",
      "71: from all ipproto udp lookup main",
      "74: from all fwmark 0x4000/0x4000 lookup main",
      "75: from all iif lo lookup main",
      "76: not from all iif eth0 lookup 1",
    ].join("\n"),
    {
      1: "default via 192.0.2.1 dev eth0",
      main: `${uplink}\n10.48.0.5 dev veth01234567 scope host\n10.48.0.6 dev veth01234568 scope host`,
      local: own,
    },
  ),
  NetBird: node(
    "0: from all lookup local\n105: from all lookup main suppress_prefixlength 0\n110: not from all fwmark 0x1bd00 lookup 7120",
    {
      7120: "10.99.0.0/16 dev wt0 scope link",
      main: `${uplink}\n100.80.0.0/16 dev wt0 proto kernel scope link src 100.80.1.1`,
      local: own,
    },
  ),
  mihomo: node(
    [
      "0: from all lookup local",
      "9000: from all to 198.18.0.0/30 lookup 2022",
      "9001: from all lookup main suppress_prefixlength 0",
      "9002: from all iif Meta goto 9010",
      "9003: not from all iif lo lookup 2022",
      "9010: from all nop",
    ].join("\n"),
    {
      2022: "default dev Meta",
      main: `${uplink}\n198.18.0.0/30 dev Meta proto kernel scope link src 198.18.0.1`,
      local: own,
    },
  ),
  "a VRF": node("1000: from all lookup [l3mdev-table]\n32765: from all lookup local", { main: uplink, local: own }),
  "cloud-init with two NICs": node("0: from all lookup local\n100: from 198.51.100.7 lookup 101", {
    101: "default via 198.51.100.1 dev eth1 proto static\n198.51.100.0/24 dev eth1 proto static scope link",
    main: `${uplink}\n198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.7`,
    local: `${own}\nlocal 198.51.100.7 dev eth1 proto kernel scope host src 198.51.100.7`,
  }),
  "networkd with two uplinks": node(
    "0: from all lookup local\n1000: from all lookup main suppress_prefixlength 0 proto static\n2000: from 198.51.100.7 lookup 200 proto static\n2001: from all fwmark 0x2 lookup 200 proto static",
    {
      200: "default via 198.51.100.1 dev eth1 proto static",
      main: `${uplink}\n198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.7\n10.0.1.0/24 via 10.0.1.200 dev cilium_host`,
      local: `${own}\nlocal 198.51.100.7 dev eth1 proto kernel scope host src 198.51.100.7`,
    },
  ),
};
