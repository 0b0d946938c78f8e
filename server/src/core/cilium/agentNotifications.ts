/** A kind of message from the agent, by the text that monitor prints as its subtype. */
export interface AgentNotification {
  readonly code: number;
  readonly subtype: string;
  /** What Hubble calls it (flow.proto: AgentEventType). */
  readonly hubble?: string;
  readonly meaning: string;
  readonly until?: string;
}

export const agentNotificationSource =
  "pkg/monitor/api/types.go, Cilium 1.19.4; services from 1.17.5; api/v1/flow/flow.proto";

export const agentNotifications: readonly AgentNotification[] = [
  { code: 0, subtype: "unspecified", meaning: "An agent message of no kind." },
  { code: 1, subtype: "Message", meaning: "A free text of the agent." },
  {
    code: 2,
    subtype: "Cilium agent started",
    hubble: "AGENT_STARTED",
    meaning: "The agent started: connection state and programs may be new from here on.",
  },
  {
    code: 3,
    subtype: "Endpoint regenerated",
    hubble: "ENDPOINT_REGENERATE_SUCCESS",
    meaning: "The BPF program or policy of an endpoint was renewed.",
  },
  {
    code: 4,
    subtype: "Failed endpoint regeneration",
    hubble: "ENDPOINT_REGENERATE_FAILURE",
    meaning: "The BPF program or policy of an endpoint could not be renewed; the old one stays.",
  },
  {
    code: 5,
    subtype: "Policy updated",
    hubble: "POLICY_UPDATED",
    meaning: "Network policy rules were added or changed.",
  },
  { code: 6, subtype: "Policy deleted", hubble: "POLICY_DELETED", meaning: "Network policy rules were removed." },
  { code: 7, subtype: "Endpoint created", hubble: "ENDPOINT_CREATED", meaning: "A pod got its endpoint on this node." },
  {
    code: 8,
    subtype: "Endpoint deleted",
    hubble: "ENDPOINT_DELETED",
    meaning: "An endpoint of this node is gone; packets to it are dropped from here on.",
  },
  {
    code: 9,
    subtype: "IPCache entry upserted",
    hubble: "IPCACHE_UPSERTED",
    meaning: "The node learned which identity, and which node, an address belongs to.",
  },
  {
    code: 10,
    subtype: "IPCache entry deleted",
    hubble: "IPCACHE_DELETED",
    meaning: "The node forgot an address: packets to it count as world, or are dropped.",
  },
  {
    code: 11,
    subtype: "Service upserted",
    hubble: "SERVICE_UPSERTED",
    meaning: "A service or its backends changed.",
    until: "1.17",
  },
  { code: 12, subtype: "Service deleted", hubble: "SERVICE_DELETED", meaning: "A service is gone.", until: "1.17" },
];
