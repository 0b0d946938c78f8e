/** A word of an enumeration in Hubble's flows that the monitor does not have. */
export interface FlowWord {
  readonly name: string;
  /** A sentence. */
  readonly meaning: string;
}

export const flowWordSource = "api/v1/flow/flow.proto and api/v1/relay/relay.proto, Cilium 1.19.4";

/** `verdict` of a flow. */
export const flowVerdicts: readonly FlowWord[] = [
  { name: "VERDICT_UNKNOWN", meaning: "Nothing was decided about the packet at this point." },
  { name: "FORWARDED", meaning: "The packet went on to the next step." },
  { name: "DROPPED", meaning: "The packet or request was dropped." },
  { name: "ERROR", meaning: "The L7 proxy met an error." },
  { name: "AUDIT", meaning: "The policy would deny the packet, but is in audit mode." },
  { name: "REDIRECTED", meaning: "The packet was sent to the L7 proxy." },
  { name: "TRACED", meaning: "A socket's peer was seen before its translation." },
  { name: "TRANSLATED", meaning: "A socket's peer was translated between a service and its backend." },
  { name: "ALLOWED", meaning: "The policy allows the packet (in text alone; JSON has FORWARDED or REDIRECTED)." },
  { name: "DENIED", meaning: "The policy denies the packet (in text alone; JSON has DROPPED)." },
  {
    name: "AUDITED",
    meaning: "The policy would deny the packet, but is in audit mode (in text alone; JSON has AUDIT).",
  },
];

/** `source` of lost events. */
export const lossSources: readonly FlowWord[] = [
  { name: "UNKNOWN_LOST_EVENT_SOURCE", meaning: "It is not known where the events were lost." },
  {
    name: "PERF_EVENT_RING_BUFFER",
    meaning:
      "The agent was slower than the datapath: the perf ring of a CPU overran. The monitor lost the same events.",
  },
  {
    name: "OBSERVER_EVENTS_QUEUE",
    meaning: "Hubble's queue in the agent was full (hubble-event-queue-size).",
  },
  {
    name: "HUBBLE_RING_BUFFER",
    meaning: "The reader was slower than Hubble, or its ring is too small (hubble-event-buffer-capacity).",
  },
];

/** `state_change` of a node's status. */
export const nodeStates: readonly FlowWord[] = [
  { name: "UNKNOWN_NODE_STATE", meaning: "The state of the nodes is not known." },
  { name: "NODE_CONNECTED", meaning: "Flows of these nodes are received from here on." },
  { name: "NODE_UNAVAILABLE", meaning: "These nodes can't be reached: their flows are missing." },
  { name: "NODE_GONE", meaning: "These nodes left the cluster." },
  { name: "NODE_ERROR", meaning: "An error occurred while flows of these nodes were read: some may be missing." },
];

/** The entry of a table by its name. */
export function findFlowWord(table: readonly FlowWord[], name: string): FlowWord | undefined {
  return table.find((word) => word.name === name);
}
