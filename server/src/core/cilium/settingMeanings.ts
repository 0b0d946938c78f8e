/** What a printed setting of Cilium says of a node's set-up. */
export interface SettingMeaning {
  /**
   * `status`: a row of `cilium status`, which says what the agent does. `option`: an option of the agent in its ConfigMap, on its command
   * line or in its log, which says what it was asked for.
   */
  readonly source: "status" | "option";
  /** The title of the row, or the name of the option. */
  readonly name: string;
  /** The values that say so. */
  readonly values: RegExp;
  readonly fact:
    | "hostRouting"
    | "endpointRoutes"
    | "tunnel"
    | "encryption"
    | "nodePort"
    | "hostFirewall"
    | "egressGateway"
    | "masquerade"
    | "nodePortMode";
  /** `ipsec`: IPsec of either kind, which the version tells apart. */
  readonly value: string | boolean;
}

const on = /^(?:true|enabled)\b/i;
const off = /^(?:false|disabled)\b/i;

function status(
  name: string,
  values: RegExp,
  fact: SettingMeaning["fact"],
  value: SettingMeaning["value"],
): SettingMeaning {
  return { source: "status", name, values, fact, value };
}

function option(
  name: string,
  values: RegExp,
  fact: SettingMeaning["fact"],
  value: SettingMeaning["value"],
): SettingMeaning {
  return { source: "option", name, values, fact, value };
}

/**
 * The settings that tell a node's set-up, those that tell it best first: what the agent does before what it was asked for, and the special
 * before the general. Rows: pkg/client/client.go, FormatStatusResponse. Options: pkg/option/config.go. One version of each was read, so which
 * versions have which is not said here; a row that a version lacks never matches.
 */
export const settingMeanings: readonly SettingMeaning[] = [
  status("Host Routing", /^Legacy\b/, "hostRouting", "legacy"),
  status("Host Routing", /^BPF\b/, "hostRouting", "bpf"),
  status("Routing", /\bHost: Legacy\b/, "hostRouting", "legacy"),
  status("Routing", /\bHost: BPF\b/, "hostRouting", "bpf"),
  // Asked for or not, the agent falls back to the kernel where BPF can't route.
  option("enable-host-legacy-routing", on, "hostRouting", "legacy"),

  option("enable-endpoint-routes", on, "endpointRoutes", true),
  option("enable-endpoint-routes", off, "endpointRoutes", false),

  status("Routing", /^Network: Tunnel\b/, "tunnel", true),
  status("Routing", /^Network: Native\b/, "tunnel", false),
  option("routing-mode", /^tunnel$/, "tunnel", true),
  option("routing-mode", /^native$/, "tunnel", false),
  option("tunnel", /^(?:vxlan|geneve)$/, "tunnel", true),
  option("tunnel", /^disabled$/, "tunnel", false),

  status("Encryption", off, "encryption", "none"),
  status("Encryption", /^wireguard\b/i, "encryption", "wireguard"),
  status("Encryption", /^ipsec\b/i, "encryption", "ipsec"),
  option("enable-wireguard", on, "encryption", "wireguard"),
  option("enable-ipsec", on, "encryption", "ipsec"),

  status("- NodePort", on, "nodePort", true),
  status("- NodePort", off, "nodePort", false),
  status("KubeProxyReplacement", /^(?:true|strict)\b/i, "nodePort", true),
  option("enable-node-port", on, "nodePort", true),
  option("kube-proxy-replacement", /^(?:true|strict)$/, "nodePort", true),
  option("kube-proxy-replacement", /^(?:false|disabled)$/, "nodePort", false),

  status("Host firewall", on, "hostFirewall", true),
  status("Host firewall", off, "hostFirewall", false),
  option("enable-host-firewall", on, "hostFirewall", true),
  option("enable-host-firewall", off, "hostFirewall", false),

  // Where it is on, its policies decide; so that tells nothing of a packet.
  option("enable-ipv4-egress-gateway", off, "egressGateway", false),
  option("enable-egress-gateway", off, "egressGateway", false),

  status("Masquerading", /^BPF\b/, "masquerade", "bpf"),
  status("Masquerading", /^IPTables\b/i, "masquerade", "netfilter"),
  status("Masquerading", off, "masquerade", "none"),
  option("enable-ipv4-masquerade", off, "masquerade", "none"),
  option("masquerade", off, "masquerade", "none"),
  option("enable-bpf-masquerade", on, "masquerade", "bpf"),
  option("enable-bpf-masquerade", off, "masquerade", "netfilter"),

  status("Mode", /^SNAT\b/i, "nodePortMode", "snat"),
  status("Mode", /^DSR\b/i, "nodePortMode", "dsr"),
  status("Mode", /^Hybrid\b/i, "nodePortMode", "hybrid"),
  option("bpf-lb-mode", /^snat$/, "nodePortMode", "snat"),
  option("bpf-lb-mode", /^dsr$/, "nodePortMode", "dsr"),
  option("bpf-lb-mode", /^hybrid$/, "nodePortMode", "hybrid"),
  option("node-port-mode", /^snat$/, "nodePortMode", "snat"),
  option("node-port-mode", /^dsr$/, "nodePortMode", "dsr"),
  option("node-port-mode", /^hybrid$/, "nodePortMode", "hybrid"),
];
