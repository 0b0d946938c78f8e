/** A kind of message from the agent, by the text that monitor prints as its subtype. */
export interface AgentNotification {
  readonly code: number;
  readonly subtype: string;
  readonly meaning: string;
  readonly until?: string;
}

export const agentNotificationSource = "pkg/monitor/api/types.go, Cilium 1.19.4; services from 1.17.5";

export const agentNotifications: readonly AgentNotification[] = [
  { code: 0, subtype: "unspecified", meaning: "An agent message of no kind." },
  { code: 1, subtype: "Message", meaning: "A free text of the agent." },
  {
    code: 2,
    subtype: "Cilium agent started",
    meaning: "The agent started: connection state and programs may be new from here on.",
  },
  { code: 3, subtype: "Endpoint regenerated", meaning: "The BPF program or policy of an endpoint was renewed." },
  {
    code: 4,
    subtype: "Failed endpoint regeneration",
    meaning: "The BPF program or policy of an endpoint could not be renewed; the old one stays.",
  },
  { code: 5, subtype: "Policy updated", meaning: "Network policy rules were added or changed." },
  { code: 6, subtype: "Policy deleted", meaning: "Network policy rules were removed." },
  { code: 7, subtype: "Endpoint created", meaning: "A pod got its endpoint on this node." },
  {
    code: 8,
    subtype: "Endpoint deleted",
    meaning: "An endpoint of this node is gone; packets to it are dropped from here on.",
  },
  {
    code: 9,
    subtype: "IPCache entry upserted",
    meaning: "The node learned which identity, and which node, an address belongs to.",
  },
  {
    code: 10,
    subtype: "IPCache entry deleted",
    meaning: "The node forgot an address: packets to it count as world, or are dropped.",
  },
  { code: 11, subtype: "Service upserted", meaning: "A service or its backends changed.", until: "1.17" },
  { code: 12, subtype: "Service deleted", meaning: "A service is gone.", until: "1.17" },
];
