/** Words of which every capture and every dump has at least one near its beginning. */
const tellTales = [
  '"type"',
  "endpoint",
  "-> ",
  "<- ",
  " flow 0x",
  ">> ",
  "seclabel",
  "notification message",
  "decode message type",
  "xx drop",
  "policy verdict",
  "cpu ",
  "listening for events",
  "-xlate-",
  "recorder capture",
  // Hubble's records, and the verdicts of its text lines.
  '"flow":',
  '"lost_events":',
  '"agent_event":',
  '"debug_event":',
  '"node_status":',
  '"verdict":',
  " forwarded",
  " dropped",
  "events lost",
  "num_events_lost",
  "policy-verdict:",
  "verdict: ",
  "timestamp: ",
  " dbg_",
  " nodes",
  "_upserted (",
  "_deleted (",
  "_updated (",
  "agent_started (",
  // pwru.
  '"skb":',
  "0xffff",
  "lookup",
  " dev ",
  "fwmark",
  "routing table",
  "inet",
  "ip -",
  "ip r",
  "ip a",
  "ip l",
  '"dev":',
  '"table":',
  '"ifname":',
  // `cilium status`.
  "routing:",
  "kubeproxyreplacement",
  "encryption:",
  "masquerading",
  "nodeport",
  "host firewall",
  "daemon: 1.",
  "client: 1.",
  "cilium image (running)",
  "cilium:",
  // Options in `cilium config view`, in the ConfigMap and in the agent's log.
  "routing-mode",
  "tunnel",
  "enable-",
  "kube-proxy-replacement",
  "masquerade",
  "lb-mode",
  "port-mode",
  "cilium/cilium",
  'msg="cilium 1.',
];

/**
 * Whether it is worth asking the server what a text is. Says yes too often rather than too seldom: it only keeps the server from
 * being started for every plain text.
 */
export function mayBeOurs(head: string): boolean {
  const text = head.toLowerCase();
  return tellTales.some((word) => text.includes(word));
}
