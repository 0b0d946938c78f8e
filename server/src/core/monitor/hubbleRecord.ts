import type { Place } from "../text/span.js";
import type { DecodedLine, HubbleDetails, MonitorEvent } from "./event.js";
import { eventOfFlow } from "./hubbleFlow.js";
import { integerOf, recordOf, textOf } from "./hubbleValues.js";

type JsonRecord = Readonly<Record<string, unknown>>;

/** The kinds of record that a line of `hubble observe -o jsonpb` or of the exporter's file holds (api/v1/observer). */
const kinds = ["flow", "lost_events", "agent_event", "debug_event", "node_status"] as const;

/** Whether a JSON object is Hubble's: a record with one of its kinds, or a flow by itself (`-o json` until Hubble CLI 0.10). */
export function isHubbleRecord(record: JsonRecord): boolean {
  if (record.type !== undefined) return false;
  return kinds.some((kind) => Object.keys(recordOf(record[kind])).length > 0) || isFlow(record);
}

function isFlow(record: JsonRecord): boolean {
  return (
    textOf(record.verdict) !== undefined &&
    ["event_type", "IP", "l4", "Type", "source", "destination"].some((key) => key in record)
  );
}

/**
 * Turns a Hubble record into an event. A flow becomes what the monitor calls it. A field mask of the exporter may have taken
 * out what kind of flow it is; such a record, and a node's status, is a remark.
 */
export function decodeHubble(record: JsonRecord, place: Place): DecodedLine {
  const event = readRecord(record, place);
  return event ? { type: "event", event, problems: [] } : { type: "remark", place };
}

function readRecord(record: JsonRecord, place: Place): MonitorEvent | undefined {
  const time = textOf(record.time);
  const nodeName = textOf(record.node_name);
  const hubble: HubbleDetails = { ...(time !== undefined && { time }), ...(nodeName !== undefined && { nodeName }) };
  const lost = recordOf(record.lost_events);
  if (Object.keys(lost).length > 0) {
    const cpu = integerOf(lost.cpu);
    const count = integerOf(lost.num_events_lost) ?? 0;
    return { type: "lost", place, hubble, count, ...(cpu !== undefined && { cpu }) };
  }
  const agent = recordOf(record.agent_event);
  if (Object.keys(agent).length > 0) {
    const { type, ...message } = agent;
    return { type: "agent", place, hubble, subtype: agentSubtype(textOf(type) ?? ""), message };
  }
  const debug = recordOf(record.debug_event);
  if (Object.keys(debug).length > 0) return readDebug(debug, place, hubble);
  if (record.node_status !== undefined) return undefined;
  return eventOfFlow(isFlow(record) ? record : recordOf(record.flow), place, hubble);
}

/** `IPCACHE_UPSERTED` and its like in the monitor's words; others stay as they are. */
function agentSubtype(type: string): string {
  const words: Readonly<Record<string, string>> = {
    IPCACHE_UPSERTED: "IPCache entry upserted",
    IPCACHE_DELETED: "IPCache entry deleted",
    POLICY_UPDATED: "Policy updated",
    POLICY_DELETED: "Policy deleted",
    SERVICE_UPSERTED: "Service upserted",
    SERVICE_DELETED: "Service deleted",
    AGENT_STARTED: "Agent started",
  };
  return words[type] ?? type;
}

function readDebug(debug: JsonRecord, place: Place, hubble: HubbleDetails): MonitorEvent {
  const cpu = integerOf(debug.cpu);
  const flowHash = integerOf(debug.hash);
  const source = integerOf(recordOf(debug.source).ID);
  return {
    type: "debug",
    place,
    hubble,
    message: textOf(debug.message) ?? textOf(debug.type) ?? "",
    ...(cpu !== undefined && { cpu }),
    ...(flowHash !== undefined && { flowHash }),
    ...(source !== undefined && { source }),
  };
}
