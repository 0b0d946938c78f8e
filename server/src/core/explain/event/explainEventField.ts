import { messageTypes } from "../../cilium/messageTypes.js";
import type { MonitorEvent } from "../../monitor/event.js";
import type { JsonPath } from "../../monitor/jsonPlaces.js";
import type { CaptureVersion } from "../../monitor/version.js";
import type { Explanation } from "../explanation.js";
import { eventSentence } from "./eventSentence.js";
import { explainAgentField } from "./explainAgentField.js";
import { explainCaptureField } from "./explainCaptureField.js";
import { explainFlowHash } from "./explainCommonField.js";
import { explainDebugField } from "./explainDebugField.js";
import { explainDropField } from "./explainDropField.js";
import { explainHubbleField } from "./explainHubbleField.js";
import { explainKernelField } from "./explainKernelField.js";
import { explainLayerField } from "./explainLayerField.js";
import { explainRecorderField } from "./explainRecorderField.js";
import { explainRecordField } from "./explainRecordField.js";
import { explainSocketField } from "./explainSocketField.js";
import { explainTraceField } from "./explainTraceField.js";
import { explainVerdictField } from "./explainVerdictField.js";

/** A field of an event's JSON. */
export interface EventField {
  /** Keys down to the value. Below a layer's text, the name of its field: `["summary", "ipv4", "TTL"]`. */
  readonly path: JsonPath;
  /** The value as text, where it is a single one. */
  readonly value?: string;
}

/** What is known beyond the event itself. */
export interface EventContext {
  readonly version?: CaptureVersion;
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
  if (event.hubble) return explainHubbleField(event, field, context);
  if (event.type === "pwru") return explainKernelField(event, field);
  if (key === "type") return explainType(event);
  if (key === "connection" || key === "src" || key === "dst") return explainConnection(key);
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
      return key === "mark" ? explainFlowHash(event.flowHash) : explainVerdictField(event, field);
    case "trace-sock":
      return explainSocketField(event, field);
    case "recorder":
      return explainRecorderField(event, field);
    case "lost":
      return key === "count" ? { sentences: ["How many events were lost on that CPU."] } : undefined;
    case "unknown":
    case "node-status":
      return undefined;
  }
}

/** What stands behind the colon of a text line: the packet's ends, then what it is. */
function explainConnection(key: "connection" | "src" | "dst"): FieldExplanation {
  const sentences = {
    src: "The source of the packet, as the packet carries it at this point: before or after NAT.",
    dst: "The destination of the packet, as the packet carries it at this point: before or after NAT.",
    connection:
      "What the packet is. Of TCP's flags only SYN, ACK, RST and FIN are printed; of other protocols the kind of message.",
  };
  return {
    sentences: [sentences[key]],
    sources: ["pkg/monitor/dissect.go (GetConnectionSummary), Cilium 1.0 to 1.19"],
  };
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
  const whose =
    event.type === "pwru"
      ? "pwru known here has this field"
      : `Cilium known here has this field in ${event.type} messages`;
  return { sentences: [`No version of ${whose}.`] };
}
