import { summaryWords, type TraceLine, type Wire } from "./monitorLine.js";

function endOf(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The packet as the monitor sums it up (pkg/monitor/dissect.go: GetConnectionSummary, 1.19). */
function connectionOf({ protocol, src, dst, sport, dport, flags }: Wire): string {
  switch (protocol) {
    case "tcp":
      return `${endOf(src, sport)} -> ${endOf(dst, dport)} tcp ${flags.join(", ")}`.trimEnd();
    case "udp":
      return `${endOf(src, sport)} -> ${endOf(dst, dport)} udp`;
    case "icmp":
    case "icmpv6":
      return `${src} -> ${dst} ${flags[0] ?? "EchoRequest"}`;
    case "esp":
      return `${src} -> ${dst} ESP`;
  }
}

/** A line of `cilium monitor` without options (pkg/monitor/datapath_trace.go and datapath_drop.go, 1.19), with flow hash 0. */
export function textLine(trace: TraceLine): string {
  const { srcIdentity, dstIdentity, state, device, reason, dstEndpoint, wire } = trace;
  const identities = `identity ${srcIdentity}->${dstIdentity}`;
  const connection = connectionOf(wire);
  if (reason !== undefined) {
    return `xx drop (${reason}) flow 0x0 to endpoint ${dstEndpoint}, ifindex 0, file bpf_lxc.c:1328, , ${identities}: ${connection}`;
  }
  return `${summaryWords(trace)} flow 0x0 , ${identities} state ${state} ifindex ${device} orig-ip 0.0.0.0: ${connection}`;
}
