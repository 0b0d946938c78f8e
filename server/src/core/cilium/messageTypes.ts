/** A kind of message on the monitor socket. */
export interface MessageType {
  /** First byte of the perf record; 129 and above come from the agent. */
  readonly code: number;
  /** As `cilium monitor -t` takes it. */
  readonly name: string;
  /** The value of `type` in monitor JSON; absent for kinds that are printed as text, or not at all, even with `-j`. */
  readonly json?: string;
  readonly meaning: string;
  readonly since?: string;
  /** The last version that has it. */
  readonly until?: string;
}

/** pkg/monitor/api/types.go, Cilium 1.19.4; retired kinds from 1.18.6. */
export const messageTypes: readonly MessageType[] = [
  { code: 1, name: "drop", json: "drop", meaning: "A BPF program dropped a packet." },
  {
    code: 2,
    name: "debug",
    json: "debug",
    meaning: "A BPF program tells what it is doing; printed where debugging is on.",
  },
  {
    code: 3,
    name: "capture",
    json: "capture",
    meaning: "A packet at a step inside a BPF program; printed where debugging is on.",
  },
  { code: 4, name: "trace", json: "trace", meaning: "A packet at one of the points where it enters or leaves Cilium." },
  { code: 5, name: "policy-verdict", meaning: "What the network policy decided about a new connection.", since: "1.7" },
  { code: 6, name: "recorder", meaning: "A packet caught by the packet recorder.", since: "1.10", until: "1.18" },
  { code: 7, name: "trace-sock", meaning: "The socket load balancer translated a service address.", since: "1.13" },
  { code: 129, name: "l7", json: "logRecord", meaning: "The L7 proxy handled a request or response." },
  { code: 130, name: "agent", json: "agent", meaning: "The agent changed something: endpoints, policy, ipcache." },
];
