import type { Ownership } from "./owners.js";

const kubeRouter = "pkg/routes/pbr.go and pkg/controllers/proxy/network_services_controller.go, kube-router 2.11";
const cilium = "pkg/datapath/linux/linux_defaults/linux_defaults.go, Cilium 1.14 and 1.19";

/** By table id. Tables of per-interface schemes have no fixed id and are told by their rules (`ruleOwner`). */
const tables: ReadonlyMap<number, Ownership> = new Map([
  [253, owned("The kernel", "to hold what is looked up last", "certain", "include/uapi/linux/rtnetlink.h")],
  [254, owned("The kernel", "to hold all routes that name no table", "certain", "include/uapi/linux/rtnetlink.h")],
  [
    255,
    owned("The kernel", "to hold the node's own and broadcast addresses", "certain", "include/uapi/linux/rtnetlink.h"),
  ],
  [
    52,
    owned(
      "Tailscale",
      "to route its peers and the subnets they announce",
      "likely",
      "wgengine/router/osrouter/router_linux.go (tailscaleRouteTable), Tailscale 1.102",
    ),
  ],
  [
    198,
    owned(
      "kube-vip",
      "to hold the addresses of services that this node answers for",
      "possible",
      "the project's documentation (Routing Table mode: vip_routingtableid), kube-vip 0.6 and later",
    ),
  ],
  [200, owned("Cilium", "to route packets through IPsec", "likely", cilium)],
  [201, owned("Cilium", "to route packets to WireGuard (until 1.12)", "possible", cilium)],
  [202, owned("Cilium", "to route to VTEPs outside the cluster", "possible", cilium)],
  [
    205,
    owned(
      "NordVPN",
      "to send all traffic into its tunnel",
      "possible",
      "daemon/routes/iprule/iprule.go (the first free table from 205), nordvpn-linux",
    ),
  ],
  [
    220,
    owned(
      "strongSwan",
      "to route by its IPsec policies",
      "possible",
      "configure.ac (routing-table), strongSwan 4.2 to 6.0",
    ),
  ],
  [2004, owned("Cilium", "to deliver packets marked for its L7 proxy to the local socket", "likely", cilium)],
  [2005, owned("Cilium", "to send packets of its L7 proxy back to cilium_host", "likely", cilium)],
  [
    2022,
    owned(
      "Clash/mihomo or sing-box",
      "to take traffic into its TUN device",
      "likely",
      "tun.go (DefaultIPRoute2TableIndex), sing-tun 0.8.11",
    ),
  ],
  [
    7,
    owned(
      "OVN-Kubernetes",
      "to reach services by the management port",
      "possible",
      "go-controller/pkg/node/managementport/port_linux.go (ovnkubeMgmPortRT), OVN-Kubernetes 1.3",
    ),
  ],
  [77, owned("kube-router", "to send packets of pods by its tunnels", "possible", kubeRouter)],
  [78, owned("kube-router", "to deliver packets for services with direct return to itself", "possible", kubeRouter)],
  [79, owned("kube-router", "to hold external addresses of services with direct return", "possible", kubeRouter)],
  [
    141,
    owned(
      "Antrea",
      "for answers to packets of pods with an egress IP",
      "possible",
      "pkg/agent/types/net.go (ReplyEgressRouteTable), Antrea 2.7",
    ),
  ],
  [
    0x1bd0,
    owned(
      "NetBird",
      "to route its peers and networks",
      "likely",
      "client/internal/routemanager/systemops/systemops_linux.go (NetbirdVPNTableID), NetBird 0.77",
    ),
  ],
  [
    0x6d6f6c65,
    owned(
      "Mullvad",
      "to send all traffic into its tunnel",
      "likely",
      "mullvad-types/src/lib.rs (TUNNEL_TABLE_ID), mullvadvpn-app",
    ),
  ],
  [
    51820,
    owned(
      "wg-quick",
      "to send all traffic through its WireGuard device",
      "likely",
      "src/wg-quick/linux.bash (add_default), wireguard-tools 1.0.2021",
    ),
  ],
]);

function owned(owner: string, purpose: string, confidence: Ownership["confidence"], source: string): Ownership {
  return { owner, purpose, confidence, source };
}

/** Who uses a table of this number, as far as the number tells. */
export function tableOwner(id: number): Ownership | undefined {
  return tables.get(id);
}
