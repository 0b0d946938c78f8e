import type { MaskedValue } from "../net/maskedValue.js";
import type { Ownership } from "./owners.js";

/** How a rule of an owner looks. Every part that is given must fit; a selector that is not given must be absent. */
export interface RulePattern extends Ownership {
  readonly priority?: readonly [first: number, last: number];
  readonly not?: true;
  readonly from?: "host" | "some";
  readonly to?: "host" | "some" | "optional";
  /** A mark, any one, or any under a mask. */
  readonly fwmark?: MaskedValue | "some" | { readonly mask: number };
  /** Any device, or those of a name. */
  readonly iif?: true | RegExp;
  readonly l3mdev?: true;
  /** Table id, or a range of them for tables of interfaces; a word for actions that look nothing up. Absent: whatever it does. */
  readonly table?: number | { readonly atLeast: number; readonly atMost?: number } | "unreachable" | "blackhole";
  /** The table has the same number as the rule's priority or fwmark. */
  readonly tableIs?: "priority" | "fwmark";
  readonly suppress?: number;
}

const linuxDefaults = "pkg/datapath/linux/linux_defaults/linux_defaults.go, Cilium 1.14 to 1.19";
const proxyRoutes = "pkg/proxy/routes.go, Cilium 1.19";
const awsCni =
  "pkg/networkutils/network.go and cmd/routed-eni-cni-plugin/driver/driver.go (as *RulePriority), AWS VPC CNI 1.6 to 1.23";
const tailscale = "wgengine/router/osrouter/router_linux.go (baseIPRules), Tailscale 1.102";
const mwan3 =
  "net/mwan3/files/lib/mwan3/mwan3.sh (mwan3_create_iface_rules, mwan3_set_general_rules), mwan3 2.6 to 2.12";
const netd = "pkg/config/config_policy_routing.go, netd 0.10.12 (GKE's intranode visibility)";
const singTun = "tun_linux.go (rules) and tun.go, sing-tun 0.8.11";
const netifd = "iprule.h and interface-ip.c (interface_add_addr_rules), OpenWrt netifd";
const ovnKubernetes =
  "go-controller/pkg/node (port_linux.go, gateway_udn.go, egressip.go, egressservice_node.go), OVN-Kubernetes 1.3";
const antrea = "pkg/agent/types/net.go and pkg/agent/route/route_linux.go, Antrea 2.7";
const kubeRouter = "pkg/routes/pbr.go and pkg/controllers/proxy/network_services_controller.go, kube-router 2.11";
const netbird = "client/internal/routemanager/systemops/systemops_linux.go and client/net/net.go, NetBird 0.77";
const nmCloudSetup = "src/nm-cloud-setup/main.c, NetworkManager 1.32 and later";
const nmWireGuard =
  "src/core/devices/nm-device-wireguard.c (get_extra_rules: two priorities up to 31767, marks from 51820), NetworkManager 1.20 and later";
const nordVpn = "daemon/routes/iprule/iprule.go (fwmarkRule, calculateCustomTableID), nordvpn-linux";
const kernel = "net/ipv4/fib_rules.c and net/core/fib_rules.c, Linux";

const cilium = (purpose: string, source = linuxDefaults) =>
  ({ owner: "Cilium", purpose, source, confidence: "certain" }) as const;
const likely = (owner: string, purpose: string, source: string) =>
  ({ owner, purpose, source, confidence: "likely" }) as const;
const possible = (owner: string, purpose: string, source: string) =>
  ({ owner, purpose, source, confidence: "possible" }) as const;
const mark = (value: number, mask: number): MaskedValue => ({ value, mask });

/** First match counts: within one priority, the more specific pattern stands first. */
export const rulePatterns: readonly RulePattern[] = [
  {
    priority: [0, 0],
    table: 255,
    owner: "The kernel",
    purpose: "to find its own addresses first",
    confidence: "certain",
    source: kernel,
  },
  {
    priority: [32766, 32766],
    table: 254,
    owner: "The kernel",
    purpose: "to look up the ordinary routes",
    confidence: "certain",
    source: kernel,
  },
  {
    priority: [32767, 32767],
    table: 253,
    owner: "The kernel",
    purpose: "as the last place to look",
    confidence: "certain",
    source: kernel,
  },
  {
    l3mdev: true,
    owner: "The kernel",
    purpose: "when the first VRF device is made, to use each VRF's own table",
    confidence: "certain",
    source: kernel,
  },

  {
    priority: [1, 1],
    fwmark: mark(0xd00, 0xf00),
    table: 200,
    ...cilium("to bring decrypted IPsec packets back to cilium_host"),
  },
  {
    priority: [1, 1],
    fwmark: mark(0xe00, 0xf00),
    table: 200,
    ...cilium("to send packets to encrypt through IPsec (until 1.17)"),
  },
  {
    priority: [1, 1],
    fwmark: mark(0xe00, 0xf00),
    table: 201,
    ...cilium(
      "to send packets to encrypt to WireGuard (until 1.12)",
      "pkg/wireguard/agent/agent.go (deleteObsoleteIPRules), Cilium 1.13",
    ),
  },
  {
    priority: [8, 8],
    from: "host",
    to: "some",
    table: { atLeast: 301 },
    ...cilium("for packets that its egress gateway sends by a certain interface, table 300 + its number (until 1.14)"),
  },
  {
    priority: [9, 9],
    fwmark: mark(0x200, 0xf00),
    table: 2004,
    ...cilium("to deliver packets marked for its L7 proxy to the local socket", proxyRoutes),
  },
  {
    priority: [10, 10],
    fwmark: mark(0xa00, 0xf00),
    table: 2005,
    ...cilium("to send packets of its ingress L7 proxy back to cilium_host", proxyRoutes),
  },
  {
    priority: [10, 10],
    fwmark: mark(0xb00, 0xf00),
    table: 2005,
    ...cilium("to send packets of its egress L7 proxy back to cilium_host", proxyRoutes),
  },
  {
    priority: [20, 20],
    to: "host",
    table: 254,
    ...likely("Cilium", "for packets to an endpoint, per endpoint, in ENI and Azure mode", linuxDefaults),
  },
  {
    priority: [100, 100],
    table: 255,
    ...likely("Cilium", "in place of the kernel's own rule at 0, to make room for its rules before it", linuxDefaults),
  },
  {
    priority: [109, 109],
    fwmark: mark(0x80, 0x80),
    table: 254,
    ...cilium("so that NodePort replies leave by the device they came in by, in ENI mode"),
  },
  {
    priority: [110, 110],
    from: "host",
    to: "optional",
    table: { atLeast: 1 },
    ...likely("Cilium", "for packets from an endpoint, per endpoint, in ENI mode (until 1.8)", linuxDefaults),
  },
  {
    priority: [111, 111],
    from: "host",
    to: "optional",
    table: { atLeast: 10 },
    ...likely(
      "Cilium",
      "for packets from an endpoint to leave by its own interface, in ENI and Azure mode",
      linuxDefaults,
    ),
  },
  { priority: [112, 112], table: 202, ...likely("Cilium", "to reach VTEPs outside the cluster", linuxDefaults) },

  {
    priority: [10, 10],
    iif: /^(?:eni|vlan)/,
    table: { atLeast: 101 },
    takesAll: true,
    ...likely("AWS VPC CNI", "for packets of a pod with an interface and security groups of its own", awsCni),
  },
  {
    priority: [20, 20],
    table: 255,
    ...likely(
      "AWS VPC CNI",
      "in place of the kernel's own rule at 0, where pods have security groups of their own",
      awsCni,
    ),
  },
  { priority: [512, 512], to: "host", table: 254, ...likely("AWS VPC CNI", "for packets to a pod, per pod", awsCni) },
  {
    priority: [1024, 1024],
    fwmark: mark(0x80, 0x80),
    table: 254,
    takesAll: true,
    ...likely("AWS VPC CNI", "so that NodePort replies leave by the primary interface", awsCni),
  },
  {
    priority: [1535, 1535],
    to: "some",
    table: 254,
    ...likely("AWS VPC CNI", "for destinations of AWS_EXTERNAL_SERVICE_CIDRS", awsCni),
  },
  {
    priority: [1536, 1536],
    from: "host",
    to: "optional",
    table: { atLeast: 2 },
    ...likely("AWS VPC CNI", "for packets from a pod to leave by its own interface", awsCni),
  },

  {
    priority: [5210, 5210],
    fwmark: "some",
    table: 254,
    takesAll: true,
    ...likely("Tailscale", "so that its own encrypted packets use the ordinary routes", tailscale),
  },
  {
    priority: [5230, 5230],
    fwmark: "some",
    table: 253,
    takesAll: true,
    ...likely("Tailscale", "so that its own encrypted packets use the ordinary routes", tailscale),
  },
  {
    priority: [5250, 5250],
    fwmark: "some",
    table: "unreachable",
    takesAll: true,
    ...likely("Tailscale", "so that its own encrypted packets never enter the tunnel", tailscale),
  },
  {
    priority: [5270, 5270],
    table: 52,
    ...likely("Tailscale", "to route its peers and the subnets they announce", tailscale),
  },

  {
    priority: [5270, 5270],
    not: true,
    fwmark: "some",
    table: 52,
    ...likely("Tailscale", "to route its peers and the subnets they announce, on UniFi gateways", tailscale),
  },
  {
    priority: [1310, 1330],
    fwmark: mark(0x80000, 0xff0000),
    takesAll: true,
    ...likely("Tailscale", "so that its own encrypted packets use the ordinary routes, beside mwan3", tailscale),
  },
  {
    priority: [1350, 1350],
    fwmark: mark(0x80000, 0xff0000),
    table: "unreachable",
    takesAll: true,
    ...likely("Tailscale", "so that its own encrypted packets never enter the tunnel, beside mwan3", tailscale),
  },
  {
    priority: [1370, 1370],
    table: 52,
    ...likely("Tailscale", "to route its peers and the subnets they announce, beside mwan3", tailscale),
  },

  {
    priority: [30350, 30350],
    suppress: 0,
    table: 254,
    ...likely(
      "NetworkManager's nm-cloud-setup",
      "so that specific routes of main win over its per-address tables",
      nmCloudSetup,
    ),
  },
  {
    priority: [30400, 30499],
    from: "host",
    tableIs: "priority",
    ...likely(
      "NetworkManager's nm-cloud-setup",
      "so that replies leave by the interface their address belongs to",
      nmCloudSetup,
    ),
  },
  {
    priority: [30768, 31766],
    suppress: 0,
    table: 254,
    ...likely(
      "NetworkManager",
      "so that specific routes of main win over the default route of its WireGuard connection",
      nmWireGuard,
    ),
  },
  {
    priority: [30769, 31767],
    not: true,
    fwmark: { mask: 0xffffffff },
    tableIs: "fwmark",
    ...likely("NetworkManager", "to send all but WireGuard's own packets into the tunnel", nmWireGuard),
  },
  {
    priority: [105, 105],
    suppress: 0,
    table: 254,
    ...likely("NetBird", "so that specific routes of main win over those of its peers", netbird),
  },
  {
    priority: [9000, 9010],
    suppress: 0,
    table: 254,
    ...likely("Clash/mihomo or sing-box", "so that specific routes of main win over its TUN device", singTun),
  },
  {
    suppress: 0,
    table: 254,
    ...possible(
      "A VPN such as wg-quick, or an administrator",
      "so that specific routes of main win over a default route looked up later",
      "common practice",
    ),
  },
  {
    not: true,
    fwmark: mark(0x6d6f6c65, 0xffffffff),
    table: 0x6d6f6c65,
    ...likely(
      "Mullvad",
      "to send all but its own packets into the tunnel",
      "talpid-routing/src/unix/linux.rs (all_rules) and mullvad-types/src/lib.rs, mullvadvpn-app",
    ),
  },
  {
    not: true,
    fwmark: mark(0xe1f1, 0xffffffff),
    table: { atLeast: 205 },
    ...likely("NordVPN", "to send all but its own packets into the tunnel", nordVpn),
  },
  {
    not: true,
    fwmark: mark(0x1bd00, 0xffffffff),
    table: 0x1bd0,
    owner: "NetBird",
    purpose: "to route its peers and networks, but not its own packets",
    confidence: "certain",
    source: netbird,
  },
  {
    not: true,
    fwmark: mark(0x1bd00, 0xffffffff),
    table: { atLeast: 1 },
    ...likely("NetBird", "to route its peers and networks, but not its own packets", netbird),
  },
  {
    not: true,
    fwmark: { mask: 0xffffffff },
    tableIs: "fwmark",
    ...likely(
      "wg-quick",
      "to send all but its own packets into the tunnel",
      "src/wg-quick/linux.bash (add_default: from 51820 upwards, the first free table), wireguard-tools 1.0.2021 and later",
    ),
  },
  {
    priority: [99, 99],
    not: true,
    fwmark: "some",
    table: { atLeast: 1 },
    ...likely(
      "Calico",
      "to send packets for the pods of other nodes into its WireGuard tunnel",
      "felix/config/config_params.go (WireguardRoutingRulePriority), Calico 3.14 and later",
    ),
  },
  {
    priority: [1001, 1252],
    iif: true,
    table: { atLeast: 1 },
    takesAll: true,
    ...likely("mwan3", "so that what came in by an interface is answered by it", mwan3),
  },
  {
    priority: [2001, 2252],
    fwmark: "some",
    table: { atLeast: 1 },
    takesAll: true,
    ...likely("mwan3", "to send packets by the interface that its policy chose", mwan3),
  },
  {
    priority: [2001, 2254],
    fwmark: "some",
    table: "blackhole",
    takesAll: true,
    ...likely("mwan3", "to drop packets that its policy refuses", mwan3),
  },
  {
    priority: [2001, 2255],
    fwmark: "some",
    table: "unreachable",
    takesAll: true,
    ...likely("mwan3", "to refuse packets whose interfaces are all down", mwan3),
  },
  {
    priority: [3001, 3252],
    fwmark: "some",
    table: "unreachable",
    takesAll: true,
    ...likely("mwan3", "to refuse packets whose interface has no route", mwan3),
  },
  {
    from: "some",
    table: 77,
    ...possible("kube-router", "so that packets from its pods to other nodes' pods use its tunnels", kubeRouter),
  },
  {
    priority: [32764, 32764],
    fwmark: "some",
    table: 78,
    takesAll: true,
    ...likely("kube-router", "to deliver packets for services with direct return to itself", kubeRouter),
  },
  {
    priority: [32765, 32765],
    table: 79,
    ...likely("kube-router", "for the external addresses of services with direct return", kubeRouter),
  },
  {
    priority: [220, 220],
    table: 220,
    ...likely(
      "strongSwan",
      "to route by its IPsec policies",
      "configure.ac (routing-table, routing-table-prio), strongSwan 4.2 to 6.0",
    ),
  },
  {
    priority: [220, 220],
    not: true,
    fwmark: "some",
    table: 220,
    ...likely(
      "strongSwan",
      "to route by its IPsec policies, but not its own packets",
      "configure.ac and kernel_netlink_net.c (charon.plugins.kernel-netlink.fwmark), strongSwan 5.3 to 6.0",
    ),
  },
  {
    priority: [9000, 9010],
    to: "optional",
    table: 2022,
    ...likely("Clash/mihomo or sing-box", "to take traffic into its TUN device", singTun),
  },
  {
    priority: [9000, 9010],
    suppress: 0,
    table: 2022,
    ...likely("Clash/mihomo or sing-box", "to take traffic into its TUN device", singTun),
  },
  {
    priority: [32768, 32768],
    table: 2022,
    ...likely("Clash/mihomo or sing-box", "to take what no other table has a route for", singTun),
  },

  {
    priority: [30, 30],
    fwmark: mark(0x1745ec, 0xffffffff),
    table: 7,
    owner: "OVN-Kubernetes",
    purpose: "for packets from the node to services with internalTrafficPolicy Local",
    confidence: "certain",
    source: ovnKubernetes,
  },
  {
    priority: [2000, 2000],
    fwmark: "some",
    table: { atLeast: 1000 },
    ...possible("OVN-Kubernetes", "for packets of a user-defined network, per network", ovnKubernetes),
  },
  {
    priority: [2000, 2000],
    to: "some",
    table: { atLeast: 1000 },
    ...possible("OVN-Kubernetes", "for packets to a user-defined network, per network", ovnKubernetes),
  },
  {
    priority: [5000, 5000],
    from: "host",
    table: { atLeast: 1 },
    ...possible("OVN-Kubernetes", "for packets of an egress service, per endpoint", ovnKubernetes),
  },
  {
    priority: [6000, 6000],
    from: "host",
    table: { atLeast: 1000 },
    ...possible("OVN-Kubernetes", "for packets of pods with an egress IP on another interface, per pod", ovnKubernetes),
  },
  {
    fwmark: { mask: 0xff },
    table: { atLeast: 101, atMost: 120 },
    takesAll: true,
    ...likely("Antrea", "for packets of pods with an egress IP in another subnet", antrea),
  },
  {
    fwmark: mark(0x40000000, 0x40000000),
    table: 141,
    takesAll: true,
    ...likely("Antrea", "for answers to packets of pods with an egress IP", antrea),
  },

  {
    priority: [70, 70],
    to: "some",
    table: 255,
    ...likely("GKE's netd", "so that packets for the node itself are delivered before its rules behind", netd),
  },
  {
    priority: [74, 74],
    fwmark: mark(0x4000, 0x4000),
    table: 254,
    takesAll: true,
    ...likely("GKE's netd", "for packets of a pod to itself by way of a service", netd),
  },
  {
    priority: [75, 75],
    iif: /^lo$/,
    table: 254,
    ...likely("GKE's netd", "so that what the node itself sends uses the ordinary routes", netd),
  },
  {
    priority: [76, 76],
    not: true,
    iif: true,
    table: 1,
    takesAll: true,
    ...likely("GKE's netd", "to send packets between pods of the node through the network as well", netd),
  },

  {
    priority: [10000, 10000],
    from: "host",
    table: 254,
    ...possible("OpenWrt's netifd", "for packets from an address of an interface", netifd),
  },
  {
    priority: [20000, 20000],
    to: "some",
    ...possible("OpenWrt's netifd", "for packets to the subnet of an interface", netifd),
  },
  {
    priority: [90000, 90999],
    iif: /^lo$/,
    ...possible("OpenWrt's netifd", "for packets that the node itself sends", netifd),
  },
  {
    priority: [4200000000, 4200000999],
    iif: true,
    ...possible("OpenWrt's netifd", "to refuse what no other rule has a route for, per interface", netifd),
  },
  {
    priority: [10000, 10999],
    from: "some",
    tableIs: "priority",
    ...likely(
      "amazon-ec2-net-utils",
      "so that replies leave by the interface their address belongs to",
      "lib/lib.sh (rule_base), amazon-ec2-net-utils 2.0 to 2.7",
    ),
  },

  {
    from: "host",
    table: { atLeast: 1 },
    ...possible(
      "A tool for hosts with several interfaces (cloud-init, ec2-net-utils, NetworkManager, netplan) or an administrator",
      "so that replies leave by the interface their address belongs to",
      "cloudinit/sources/DataSourceEc2.py (table 100 + number of the NIC), cloud-init 24.1 to 26.2; plugins/meta/sbr/main.go (tables from 100), CNI plugins 1.0 and later",
    ),
  },
];
