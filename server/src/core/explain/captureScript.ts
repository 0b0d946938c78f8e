/** Whom a capture script is for: the node it runs on, or another one that kubectl reaches. */
export interface CaptureTarget {
  /** Name of the node. */
  readonly node?: string;
  /** Name of its Cilium agent's pod, in place of the node's. */
  readonly pod?: string;
}

/** Names of nodes and pods (RFC 1123 subdomains), which are harmless to a shell. */
const kubernetesName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether a name can be one of a node or pod. */
export function isKubernetesName(name: string): boolean {
  return kubernetesName.test(name);
}

/** The settings of source validation and of routing, by name under /proc/sys/net. */
const settings = [
  "ipv4/ip_forward",
  ...["forwarding", "rp_filter", "accept_local", "src_valid_mark", "send_redirects", "ignore_routes_with_linkdown"].map(
    (name) => `ipv4/conf/*/${name}`,
  ),
  ...["forwarding", "ignore_routes_with_linkdown"].map((name) => `ipv6/conf/*/${name}`),
].map((name) => `/proc/sys/net/${name}`);

/** The file to be filled, and the commands whose output it holds. */
type Dump = readonly [file: string, commands: readonly string[]];

/** What Packetwalk reads of the node. The commands only read. */
const nodeDumps: readonly Dump[] = [
  ["rules.txt", ["ip rule show", "ip -6 rule show"]],
  ["routes.txt", ["ip route show table all", "ip -6 route show table all"]],
  ["table-names.txt", ["cat /etc/iproute2/rt_tables"]],
  ["links.txt", ["ip -d link show", "ip addr show"]],
  ["neighbours.txt", ["ip neigh show"]],
  ["sysctls.txt", [`grep -H . ${settings.join(" ")}`]],
];

/** What Packetwalk reads of Cilium, and in `config --all` what people do. The agent's commands only read. */
const agentDumps: readonly Dump[] = [
  ["endpoints.txt", ["endpoint list"]],
  ["cilium.txt", ["status --verbose", "config --all"]],
];

/** The agent's options as the cluster has them, which kubectl alone can ask for. */
const configMap =
  'kubectl -n "$namespace" get configmap cilium-config -o yaml >"$folder/cilium-config.yaml" 2>&1 || true';

/** The agent's command is `cilium-dbg` since 1.15, and `cilium` before. */
const agentCommand = "if command -v cilium-dbg >/dev/null; then cilium-dbg $1; else cilium $1; fi";

function runner({ node, pod }: CaptureTarget): string[] {
  if (node === undefined && pod === undefined) {
    return [
      "# On the node itself. Cilium's agent runs in a container there; where it can't be reached, only the dumps are taken.",
      'on_node() { sh -c "$1"; }',
      'in_agent() { crictl exec "$(crictl ps -q --name cilium-agent | head -n 1)" sh -c "$1"; }',
    ];
  }
  return [
    "# By kubectl. The agent's pod shares the node's network, so its `ip` shows the node's rules and routes.",
    ...(pod === undefined
      ? [
          `node=${node}`,
          'pod=$(kubectl -n "$namespace" get pods -l k8s-app=cilium --field-selector "spec.nodeName=$node" -o name | head -n 1)',
          '[ -n "$pod" ] || { echo "no agent of Cilium on $node" >&2; exit 1; }',
        ]
      : [`pod=pod/${pod}`]),
    'in_agent() { kubectl -n "$namespace" exec "$pod" -c cilium-agent -- sh -c "$1"; }',
    'on_node() { in_agent "$1"; }',
  ];
}

function dumpLines(name: string, dumps: readonly Dump[]): string[] {
  return dumps.flatMap(([file, commands]) => commands.map((command) => `${name} ${file} '${command}'`));
}

/**
 * A shell script that captures what Packetwalk reads, to be reviewed and run by the user. It only reads; where the user asks for every packet,
 * it turns the agent's aggregation off for that time. Names that can't be those of a node or pod are left out, so that the script holds
 * nothing from outside that a shell would interpret.
 *
 * Sources: `cilium-dbg monitor`, `config`, `endpoint list` and `status` (Documentation/cmdref, Cilium 1.14 to 1.19); ip-rule(8), ip-route(8).
 */
export function captureScript({ node, pod }: CaptureTarget): string {
  const target: CaptureTarget = {
    ...(node !== undefined && isKubernetesName(node) && { node }),
    ...(pod !== undefined && isKubernetesName(pod) && { pod }),
  };
  return [
    "#!/bin/sh",
    "# Captures what Packetwalk reads into a new folder: rules, routes, devices, neighbours, settings, endpoints and packets.",
    "# Read it before you run it. It only reads. Set in the environment, if you like:",
    "#   CAPTURE_SECONDS=30     how long packets are captured",
    "#   EVERY_PACKET=1         turns aggregation off while capturing, so that a missing event proves something; costs the agent time",
    "#   CILIUM_NAMESPACE=...   where Cilium's pods are, if not in kube-system",
    "set -eu",
    `seconds=\${CAPTURE_SECONDS:-30}`,
    `namespace=\${CILIUM_NAMESPACE:-kube-system}`,
    "folder=packetwalk-$(date -u +%Y%m%dT%H%M%SZ)",
    "",
    ...runner(target),
    `cilium() { in_agent "set -- '$1'; ${agentCommand.replaceAll("$", "\\$")}"; }`,
    "",
    "# The command as a terminal would show it, then its output; what fails is written down as well.",
    'dump() { { printf \'$ %s\\n\' "$2"; on_node "$2" 2>&1 || true; } >>"$folder/$1"; }',
    'dump_agent() { { printf \'$ cilium %s\\n\' "$2"; cilium "$2" 2>&1 || true; } >>"$folder/$1"; }',
    "",
    'mkdir "$folder"',
    ...dumpLines("dump", nodeDumps),
    ...dumpLines("dump_agent", agentDumps),
    ...(target.node === undefined && target.pod === undefined ? [] : [configMap]),
    "",
    "aggregation=",
    'restore() { [ -z "$aggregation" ] || cilium "config MonitorAggregationLevel=$aggregation" >/dev/null || true; }',
    "trap restore EXIT",
    "trap 'exit 130' INT TERM",
    `if [ "\${EVERY_PACKET:-}" = 1 ]; then`,
    "  aggregation=$(cilium config 2>/dev/null | sed -n 's/^MonitorAggregationLevel[[:space:]:]*//p' | head -n 1)",
    '  if [ -n "$aggregation" ]; then cilium "config MonitorAggregationLevel=None" >/dev/null; fi',
    "fi",
    "",
    'echo "Capturing for $seconds seconds. Reproduce the fault now." >&2',
    'in_agent "timeout $seconds sh -c \'if command -v cilium-dbg >/dev/null; then cilium-dbg monitor -j; else cilium monitor -j; fi\'" >"$folder/monitor.log" 2>"$folder/monitor-errors.txt" || true',
    "",
    'echo "Done. Open $folder in VS Code with Packetwalk, or run: packetwalk explain $folder" >&2',
    "",
  ].join("\n");
}
