import { messageTypes } from "../cilium/messageTypes.js";
import type { MonitorEvent } from "../monitor/event.js";
import type { JsonPath } from "../monitor/jsonPlaces.js";
import type { VersionRange } from "../monitor/version.js";
import { explainAgentField } from "./explainEventAgentField.js";
import { explainCaptureField } from "./explainEventCaptureField.js";
import { explainDebugField } from "./explainEventDebugField.js";
import { explainDropField } from "./explainEventDropField.js";
import { explainLayerField } from "./explainEventLayerField.js";
import { explainRecordField } from "./explainEventRecordField.js";
import { eventSentence } from "./explainEventSentence.js";
import { explainTraceField } from "./explainEventTraceField.js";
import type { Explanation } from "./explanation.js";

/** A field of an event's JSON. */
export interface EventField {
  /** Keys down to the value. Below a layer's text, the name of its field: `["summary", "ipv4", "TTL"]`. */
  readonly path: JsonPath;
  /** The value as text, where it is a single one. */
  readonly value?: string;
}

/** What is known beyond the event itself. */
export interface EventContext {
  readonly version?: VersionRange;
}

/** The part of an explanation that a field's own reader gives. */
export type FieldExplanation = Partial<Omit<Explanation, "title">>;

/** Explains a field of an event. Every explanation ends with the whole event in one sentence. */
export function explainEventField(event: MonitorEvent, field: EventField, context: EventContext = {}): Explanation {
  const name = field.path.map(String).join(" › ") || event.type;
  const title = field.value === undefined ? name : `${name}: ${field.value}`;
  const own = ownExplanation(event, field, context) ?? unknownField(event, field);
  return {
    title,
    sentences: [...(own.sentences ?? []), `The event: ${eventSentence(event)}`],
    facts: own.facts ?? [],
    notes: own.notes ?? [],
    sources: own.sources ?? [],
  };
}

function ownExplanation(event: MonitorEvent, field: EventField, context: EventContext): FieldExplanation | undefined {
  const [key] = field.path;
  if (key === "type") return explainType(event);
  if (key === "cpu") {
    return {
      sentences: ["The CPU whose perf ring delivered the event. Events of different CPUs may be printed out of order."],
      notes: ["Monitor output has no timestamps: within one CPU the order of lines is the order of events."],
      sources: ["pkg/monitor/format/format.go, Cilium 1.19"],
    };
  }
  switch (event.type) {
    case "trace":
      return key === "summary" ? explainLayerField(event, field) : explainTraceField(event, field, context);
    case "drop":
      return key === "summary" ? explainLayerField(event, field) : explainDropField(event, field, context);
    case "capture":
      return explainCaptureField(event, field);
    case "debug":
      return explainDebugField(event, field);
    case "agent":
      return explainAgentField(event, field);
    case "logRecord":
      return explainRecordField(field);
    case "policy-verdict":
    case "lost":
      return undefined;
  }
}

function explainType(event: MonitorEvent): FieldExplanation {
  const type = messageTypes.find(({ json, name }) => json === event.type || name === event.type);
  return {
    sentences: type ? [type.meaning] : [],
    facts: type ? [{ name: "message code", value: String(type.code) }] : [],
    sources: ["pkg/monitor/api/types.go, Cilium 1.19.4"],
  };
}

function unknownField(event: MonitorEvent, field: EventField): FieldExplanation {
  if (field.path.length === 0) return {};
  return { sentences: [`No version of Cilium known here has this field in ${event.type} messages.`] };
}
