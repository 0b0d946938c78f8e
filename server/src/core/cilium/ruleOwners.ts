import type { Rule } from "../iproute/rule.js";
import { familyBits } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Prefix } from "../net/prefix.js";
import type { Ownership } from "./owners.js";

/** What `ruleOwner` looks at. */
export type OwnedRule = Pick<
  Rule,
  "family" | "priority" | "not" | "from" | "to" | "fwmark" | "iif" | "l3mdev" | "action" | "suppressPrefixLength"
>;

/** How a rule of an owner looks. Every part that is given must fit; a selector that is not given must be absent. */
interface RulePattern extends Ownership {
  readonly priority?: readonly [first: number, last: number];
  readonly not?: true;
  readonly from?: "host" | "some";
  readonly to?: "host" | "some" | "optional";
  readonly fwmark?: MaskedValue | "some";
  readonly iif?: true;
  readonly l3mdev?: true;
  /** Table id, or the lowest of a range of per-interface tables; a word for actions that look nothing up. */
  readonly table?: number | { readonly atLeast: number } | "unreachable" | "blackhole";
  readonly suppress?: number;
}

const linuxDefaults = "pkg/datapath/linux/linux_defaults/linux_defaults.go, Cilium 1.14 to 1.19";
const proxyRoutes = "pkg/proxy/routes.go, Cilium 1.19";
const awsCni = "AWS VPC CNI, public incident reports";
const tailscale = "Tailscale, public incident reports";
const kernel = "net/ipv4/fib_rules.c and net/core/fib_rules.c, Linux";

const cilium = (purpose: string, source = linuxDefaults) =>
  ({ owner: "Cilium", purpose, source, confidence: "certain" }) as const;
const likely = (owner: string, purpose: string, source: string) =>
  ({ owner, purpose, source, confidence: "likely" }) as const;
const possible = (owner: string, purpose: string, source: string) =>
  ({ owner, purpose, source, confidence: "possible" }) as const;
const mwan3 = "mwan3 2.10 and later, /lib/mwan3/mwan3.sh, public incident reports";
const mark = (value: number, mask: number): MaskedValue => ({ value, mask });

/** First match counts: within one priority, the more specific pattern stands first. */
const patterns: readonly RulePattern[] = [
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

  { priority: [512, 512], to: "host", table: 254, ...likely("AWS VPC CNI", "for packets to a pod, per pod", awsCni) },
  {
    priority: [1024, 1024],
    fwmark: mark(0x80, 0x80),
    table: 254,
    takesAll: true,
    ...likely("AWS VPC CNI", "so that NodePort replies leave by the primary interface", awsCni),
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
    not: true,
    fwmark: mark(0xca6c, 0xffffffff),
    table: 51820,
    ...likely("wg-quick", "to send all but its own packets into the tunnel", "wg-quick, general knowledge"),
  },
  {
    priority: [30350, 30350],
    suppress: 0,
    table: 254,
    ...likely(
      "NetworkManager's nm-cloud-setup",
      "so that specific routes of main win over its per-address tables",
      "NetworkManager commit fe80b2d1ec",
    ),
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
      "mullvadvpn-app, talpid-core/src/routing/unix/linux.rs",
    ),
  },
  {
    not: true,
    fwmark: mark(0x1bd00, 0xffffffff),
    table: { atLeast: 1 },
    ...likely(
      "NetBird",
      "to route its peers and networks, but not its own packets",
      "NetBird, public incident reports",
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
    from: "some",
    table: 77,
    ...possible(
      "kube-router",
      "so that packets from its pods to other nodes' pods use its tunnels",
      "pkg/controllers/routing/pbr.go, kube-router",
    ),
  },
  {
    priority: [220, 220],
    table: 220,
    ...likely("strongSwan", "to route by its IPsec policies", "strongSwan, public incident reports"),
  },
  {
    priority: [9000, 9010],
    table: 2022,
    ...possible("Clash/mihomo", "to take traffic into its TUN device", "public incident reports"),
  },

  {
    from: "host",
    table: { atLeast: 1 },
    ...possible(
      "A tool for hosts with several interfaces (cloud-init, ec2-net-utils, NetworkManager, netplan) or an administrator",
      "so that replies leave by the interface their address belongs to",
      "cloud-init 24.1 and others, public incident reports",
    ),
  },
];

/**
 * Who installs such a rule. Judged by priority, selectors and table; `undefined` where these are nobody's in particular.
 * Rules are data that anyone can write, so only the whole combination counts as certain.
 */
export function ruleOwner(rule: OwnedRule): Ownership | undefined {
  const found = patterns.find((pattern) => fits(pattern, rule));
  if (!found) return undefined;
  const { owner, purpose, confidence, source, takesAll } = found;
  return { owner, purpose, confidence, source, ...(takesAll && { takesAll }) };
}

function fits(pattern: RulePattern, rule: OwnedRule): boolean {
  const { priority = [0, 0xffffffff] } = pattern;
  return (
    priority[0] <= rule.priority &&
    rule.priority <= priority[1] &&
    (pattern.not ?? false) === rule.not &&
    (pattern.iif ?? false) === (rule.iif !== undefined) &&
    (pattern.l3mdev ?? false) === (rule.l3mdev ?? false) &&
    fitsPrefix(pattern.from, rule.from) &&
    fitsPrefix(pattern.to, rule.to) &&
    fitsMark(pattern.fwmark, rule.fwmark) &&
    (pattern.l3mdev || fitsAction(pattern.table, rule.action)) &&
    pattern.suppress === rule.suppressPrefixLength
  );
}

function fitsPrefix(wanted: RulePattern["to"], prefix: Prefix | undefined): boolean {
  if (wanted === "optional") return true;
  const given = prefix !== undefined && prefix.length > 0;
  if (wanted === "host") return given && prefix.length === familyBits(prefix.family);
  return given === (wanted === "some");
}

function fitsMark(wanted: RulePattern["fwmark"], fwmark: MaskedValue | undefined): boolean {
  if (wanted === undefined || fwmark === undefined) return wanted === fwmark;
  return wanted === "some" || (wanted.value === fwmark.value && wanted.mask === fwmark.mask);
}

function fitsAction(wanted: RulePattern["table"], action: OwnedRule["action"]): boolean {
  if (wanted === undefined) return true;
  if (wanted === "unreachable" || wanted === "blackhole") return action.type === wanted;
  if (action.type !== "lookup") return false;
  const { id } = action.table;
  if (id === undefined) return typeof wanted === "object";
  if (typeof wanted === "number") return id === wanted;
  return id >= wanted.atLeast && !(id >= 253 && id <= 255);
}

/** An owner of more numbers than this uses them when its rules are there; others need not shun them all. */
const widestClaim = 20;

/** Who is known to put rules at this very priority; `undefined` where it is nobody's. A rule put there may be taken for one of theirs. */
export function priorityOwner(priority: number): string | undefined {
  return patterns.find(
    ({ priority: range }) => range && range[0] <= priority && priority <= range[1] && range[1] - range[0] < widestClaim,
  )?.owner;
}
