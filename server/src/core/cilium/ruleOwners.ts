import type { Rule } from "../iproute/rule.js";
import { familyBits } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Prefix } from "../net/prefix.js";
import type { Ownership } from "./owners.js";

/** What `ruleOwner` looks at. */
export type OwnedRule = Pick<
  Rule,
  "family" | "priority" | "not" | "from" | "to" | "fwmark" | "l3mdev" | "action" | "suppressPrefixLength"
>;

/** How a rule of an owner looks. Every part that is given must fit; a selector that is not given must be absent. */
interface RulePattern extends Ownership {
  readonly priority?: readonly [first: number, last: number];
  readonly not?: true;
  readonly from?: "host" | "some";
  readonly to?: "host" | "some" | "optional";
  readonly fwmark?: MaskedValue | "some";
  readonly l3mdev?: true;
  /** Table id, or the lowest of a range of per-interface tables; a word for actions that look nothing up. */
  readonly table?: number | { readonly atLeast: number } | "unreachable";
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
    ...likely("Tailscale", "so that its own encrypted packets use the ordinary routes", tailscale),
  },
  {
    priority: [5230, 5230],
    fwmark: "some",
    table: 253,
    ...likely("Tailscale", "so that its own encrypted packets use the ordinary routes", tailscale),
  },
  {
    priority: [5250, 5250],
    fwmark: "some",
    table: "unreachable",
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
  const { owner, purpose, confidence, source } = found;
  return { owner, purpose, confidence, source };
}

function fits(pattern: RulePattern, rule: OwnedRule): boolean {
  const { priority = [0, 0xffffffff] } = pattern;
  return (
    priority[0] <= rule.priority &&
    rule.priority <= priority[1] &&
    (pattern.not ?? false) === rule.not &&
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
  if (wanted === "unreachable") return action.type === "unreachable";
  if (action.type !== "lookup") return false;
  const { id } = action.table;
  if (id === undefined) return typeof wanted === "object";
  if (typeof wanted === "number") return id === wanted;
  return id >= wanted.atLeast && !(id >= 253 && id <= 255);
}
