import { agentNotifications } from "../cilium/agentNotifications.js";
import type { Place } from "../text/span.js";
import type { AgentEvent, DebugEvent, HubbleDetails, LostEvent, MonitorEvent, NodeStatusEvent } from "./event.js";
import { eventOfFlow } from "./hubbleFlow.js";
import { integerOf, recordOf, textOf } from "./jsonValues.js";

type JsonRecord = Readonly<Record<string, unknown>>;
type Base = { readonly place: Place; readonly hubble: HubbleDetails };

/** The kinds of record that a line of `hubble observe -o jsonpb` or of the exporter's file holds (api/v1/observer/observer.proto). */
const kinds = ["flow", "lost_events", "agent_event", "debug_event", "node_status"] as const;

/** Which record of Hubble an object is: one with a kind, or a flow by itself (`-o json` until the command line 0.10). */
export function hubbleKind(record: JsonRecord): "hubble" | "hubbleFlow" | undefined {
  if (record.type !== undefined) return undefined;
  if (kinds.some((kind) => Object.keys(recordOf(record[kind])).length > 0)) return "hubble";
  return isFlow(record) ? "hubbleFlow" : undefined;
}

function isFlow(record: JsonRecord): boolean {
  return (
    textOf(record.verdict) !== undefined &&
    ["event_type", "IP", "l4", "Type", "source", "destination"].some((key) => key in record)
  );
}

/**
 * Turns a record of Hubble into an event; a flow becomes what the monitor calls it. `undefined` for a flow whose kind a field mask of
 * the exporter has taken out. `record` has passed its schema.
 */
export function eventOfHubble(record: JsonRecord, place: Place): MonitorEvent | undefined {
  const time = textOf(record.time);
  const nodeName = textOf(record.node_name);
  const hubble: HubbleDetails = { ...(time !== undefined && { time }), ...(nodeName !== undefined && { nodeName }) };
  const base = { place, hubble };
  const [kind] = kinds.filter((known) => Object.keys(recordOf(record[known])).length > 0);
  const value = recordOf(record[kind ?? "flow"]);
  switch (kind) {
    case "lost_events":
      return eventOfLost(value, base);
    case "agent_event":
      return eventOfAgent(value, base);
    case "debug_event":
      return eventOfDebug(value, base);
    case "node_status":
      return eventOfNode(value, base);
    default:
      return eventOfFlow(value, place, hubble);
  }
}

function eventOfLost(lost: JsonRecord, base: Base): LostEvent {
  const cpu = integerOf(lost.cpu);
  const source = textOf(lost.source);
  return {
    type: "lost",
    ...base,
    count: integerOf(lost.num_events_lost) ?? 0,
    ...(cpu !== undefined && { cpu }),
    ...(source !== undefined && { source }),
  };
}

/** In the monitor's words, where it has the kind of message. */
function eventOfAgent(agent: JsonRecord, base: Base): AgentEvent {
  const { type, ...message } = agent;
  const name = textOf(type) ?? "AGENT_EVENT_UNKNOWN";
  const known = agentNotifications.find(({ hubble }) => hubble === name);
  return { type: "agent", ...base, subtype: known?.subtype ?? name, message };
}

function eventOfDebug(debug: JsonRecord, base: Base): DebugEvent {
  const cpu = integerOf(debug.cpu);
  const flowHash = integerOf(debug.hash);
  const source = integerOf(recordOf(debug.source).ID);
  return {
    type: "debug",
    ...base,
    message: textOf(debug.message) ?? textOf(debug.type) ?? "",
    ...(cpu !== undefined && { cpu }),
    ...(flowHash !== undefined && { flowHash }),
    ...(source !== undefined && { source }),
  };
}

function eventOfNode(status: JsonRecord, base: Base): NodeStatusEvent {
  const names = Array.isArray(status.node_names) ? status.node_names : [];
  const message = textOf(status.message);
  return {
    type: "node-status",
    ...base,
    state: textOf(status.state_change) ?? "UNKNOWN_NODE_STATE",
    nodes: names.filter((name) => typeof name === "string"),
    ...(message !== undefined && message !== "" && { message }),
  };
}
