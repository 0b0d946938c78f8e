import type { TraceLine } from "./monitorLine.js";

/** A trace as `hubble observe -o jsonpb` prints it (api/v1/flow/flow.proto, 1.19), from the node that it was seen on. */
export function hubbleLine({ wire, ...trace }: Omit<TraceLine, "cpu">, node: string): string {
  const { src, dst, sport, dport, flags, protocol } = wire;
  const l4 =
    protocol === "tcp"
      ? {
          TCP: {
            source_port: sport,
            destination_port: dport,
            flags: Object.fromEntries(flags.map((flag) => [flag, true])),
          },
        }
      : { UDP: { source_port: sport, destination_port: dport } };
  return JSON.stringify({
    flow: {
      time: "2026-01-02T03:04:05Z",
      verdict: "FORWARDED",
      ethernet: { source: trace.macs[0], destination: trace.macs[1] },
      IP: { source: src, destination: dst, ipVersion: src.includes(":") ? "IPv6" : "IPv4" },
      l4,
      source: { ID: trace.source, identity: trace.srcIdentity },
      destination: { ID: trace.dstEndpoint, identity: trace.dstIdentity },
      node_name: `cluster/${node}`,
      event_type: { type: 4, sub_type: codes[trace.point] ?? 0 },
      trace_observation_point: trace.point.toUpperCase().replaceAll("-", "_"),
      trace_reason: trace.state.toUpperCase(),
    },
    node_name: `cluster/${node}`,
    time: "2026-01-02T03:04:05Z",
  });
}

/** Codes of observation points (bpf/lib/trace.h). */
const codes: Readonly<Record<string, number>> = {
  "to-endpoint": 0,
  "to-proxy": 1,
  "to-host": 2,
  "to-stack": 3,
  "to-overlay": 4,
  "from-endpoint": 5,
  "from-proxy": 6,
  "from-host": 7,
  "from-stack": 8,
  "from-overlay": 9,
  "from-network": 10,
  "to-network": 11,
};
