import { agentNotificationSource, agentNotifications } from "../../cilium/agentNotifications.js";
import { describeIdentity } from "../../cilium/identities.js";
import type { AgentEvent } from "../../monitor/event.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

const payload: Readonly<Record<string, string>> = {
  time: "When the agent started.",
  labels: "The labels of the endpoint or policy.",
  error: "Why it failed, in the agent's words.",
  revision: "The policy revision: it counts up with every change.",
  rule_count: "How many rules were changed.",
  "pod-name": "The pod.",
  namespace: "The namespace of the pod or service.",
  cidr: "The address or prefix that the entry is for.",
  "host-ip": "The node that has the address, which is the tunnel's other end; absent for this node.",
  "old-host-ip": "The node that had the address before.",
  "encrypt-key": "The number of the encryption key; 0 for none.",
  "frontend-address": "The address and port of the service.",
  "backend-addresses": "The addresses and ports behind the service.",
  "num-backends-omitted": "How many more addresses are behind the service than are listed.",
  type: "The kind of service.",
  name: "The service's name.",
  "traffic-policy": "Which backends the service may use.",
  "ext-traffic-policy": "Which backends the service may use for traffic from outside.",
  "int-traffic-policy": "Which backends the service may use for traffic from inside.",
};

/** The fields of agent messages (pkg/monitor/api/types.go) and of their payloads. */
export function explainAgentField(event: AgentEvent, field: EventField): FieldExplanation | undefined {
  const [key, inner] = field.path.map(String);
  const sources = [agentNotificationSource];
  if (key === "subtype" || (key === "message" && inner === undefined)) {
    const known = agentNotifications.find(({ subtype }) => subtype === event.subtype);
    return { sentences: [known?.meaning ?? "No version of Cilium known here has this kind of message."], sources };
  }
  if (key !== "message" || inner === undefined) return undefined;
  if (inner === "id" || inner === "old-id") return { sentences: [explainId(event, field, inner)], sources };
  const meaning = Object.hasOwn(payload, inner) ? payload[inner] : undefined;
  return meaning === undefined ? undefined : { sentences: [meaning], sources };
}

/** `id` is an identity in ipcache messages, a service's number in service messages, and an endpoint otherwise. */
function explainId(event: AgentEvent, field: EventField, key: string): string {
  if (event.subtype.startsWith("IPCache")) {
    const id = /^\d{1,10}$/.test(field.value ?? "") ? describeIdentity(Number(field.value)) : undefined;
    const when = key === "old-id" ? " before" : "";
    return `The security identity of the address${when}${id ? `: ${id.meaning}` : ""}.`;
  }
  return event.subtype.startsWith("Service")
    ? "The number of the service."
    : "The endpoint, by its number on this node.";
}
