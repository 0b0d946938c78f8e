import { agentNotifications } from "../../cilium/agentNotifications.js";
import { findCapturePoint } from "../../cilium/capturePoints.js";
import { findDebugMessage } from "../../cilium/debugMessages.js";
import { describeDevice } from "../../cilium/devices.js";
import { findFlowWord, flowVerdicts, flowWordSource, lossSources, nodeStates } from "../../cilium/flowWords.js";
import { describeIdentity, parseIdentity } from "../../cilium/identities.js";
import { messageTypes } from "../../cilium/messageTypes.js";
import { findPolicyWord, policyAuthTypes, policyMatches, policyVerdictSource } from "../../cilium/policyVerdicts.js";
import { findSocketPoint } from "../../cilium/socketPoints.js";
import type { MonitorEvent } from "../../monitor/event.js";
import { icmpTypeCode } from "../../monitor/icmpTypes.js";
import { explainDropField } from "./explainDropField.js";
import type { EventContext, EventField, FieldExplanation } from "./explainEventField.js";
import { explainTraceField } from "./explainTraceField.js";
import { agentPayloadMeanings, flowFieldMeanings, recordFieldMeanings } from "./hubbleFieldMeanings.js";

/**
 * The fields of Hubble's records, by their paths in flow.proto; those of its text lines have the same paths. `undefined` where no
 * version known here has the field.
 */
export function explainHubbleField(
  event: MonitorEvent,
  field: EventField,
  context: EventContext,
): FieldExplanation | undefined {
  const path = field.path.filter((part) => typeof part === "string" && !/^\d{1,9}$/.test(part)).map(String);
  const flowPath = path[0] === "flow" && path.length > 1 ? path.slice(1) : path;
  if (path[0] === "agent_event" && path.length > 2) return explainPayload(path.at(-1) ?? "", field.value);
  const meaning = own(recordFieldMeanings, path.join(".")) ?? own(flowFieldMeanings, flowKey(flowPath));
  if (meaning === undefined) return event.type === "agent" ? explainPayload(path.at(-1) ?? "", field.value) : undefined;
  const more = explainValue(event, flowPath, field.value, context);
  return {
    sentences: [meaning, ...(more?.sentences ?? [])],
    facts: more?.facts ?? [],
    notes: more?.notes ?? [],
    sources: more?.sources ?? [flowWordSource],
  };
}

/** The path by which a field is in the table: both ends, all transport headers and all lists of policies are alike. */
function flowKey(path: readonly string[]): string {
  const [first = "", ...rest] = path;
  if (first === "debug_event" && rest[0] === "source") return ["end", ...rest.slice(1)].join(".");
  if (first === "source" || first === "destination") return ["end", ...rest].join(".");
  if (/^(?:source|destination)_(?:names|service)$/.test(first)) {
    return [first.replace(/^(?:source|destination)/, "end"), ...rest].join(".");
  }
  if (/^(?:egress|ingress)_(?:allowed|denied)_by$/.test(first) && rest.length > 0) return ["policy", ...rest].join(".");
  if (first === "tunnel" && (rest[0] === "IP" || rest[0] === "l4")) return flowKey(rest);
  if (first === "l4" && rest.length > 1) return `l4.${rest[1]}`;
  return path.join(".");
}

/** What a field's value tells beyond its meaning. */
function explainValue(
  event: MonitorEvent,
  path: readonly string[],
  value: string | undefined,
  context: EventContext,
): FieldExplanation | undefined {
  if (value === undefined) return undefined;
  switch (path.join(".")) {
    case "verdict":
      // Names of policies may stand behind it in text.
      return sentence(findFlowWord(flowVerdicts, value.split(" ", 1)[0] ?? "")?.meaning);
    case "drop_reason":
    case "drop_reason_desc":
      return event.type === "drop" ? explainDropField(event, { path: ["reason"] }, context) : undefined;
    case "trace_observation_point":
      return event.type === "trace" ? explainTraceField(event, { path: ["observationPoint"] }, context) : undefined;
    case "event_type.sub_type":
      return event.type === "trace"
        ? explainTraceField(event, { path: ["observationPoint"] }, context)
        : event.type === "drop"
          ? explainDropField(event, { path: ["reason"] }, context)
          : undefined;
    case "trace_reason":
      return event.type === "trace" ? explainTraceField(event, { path: ["state"] }, context) : undefined;
    case "source.identity":
    case "destination.identity":
    case "tunnel.vni":
      return explainIdentityNumber(value);
    case "event_type.type":
      return sentence(messageTypes.find(({ code }) => String(code) === value)?.meaning);
    case "policy_match_type":
      return sentence(policyMatches.find(({ code, name }) => String(code) === value || name === value)?.meaning);
    case "auth_type":
      return sentence(
        findPolicyWord(policyAuthTypes, value.toLowerCase().replaceAll("_", "-"))?.meaning,
        policyVerdictSource,
      );
    case "sock_xlate_point":
      return sentence(findSocketPoint(value)?.meaning);
    case "debug_capture_point":
      return sentence(findCapturePoint(value)?.meaning);
    case "interface.name":
      return explainDeviceName(value);
    case "is_reply":
      if (value === "unknown") return { sentences: ["Here it is not known."], sources: [flowWordSource] };
      return sentence(
        value === "true"
          ? "It is: the connection was opened from the other end."
          : "It is not: it goes the way in which the connection was opened.",
      );
    case "l4.ICMPv4.type":
    case "l4.ICMPv6.type":
      return /^\d{1,3}$/.test(value)
        ? sentence(
            `In words, with code 0: ${icmpTypeCode(path[1] === "ICMPv4" ? "icmp" : "icmpv6", Number(value), 0)}.`,
          )
        : undefined;
    case "lost_events.source":
      return sentence(findFlowWord(lossSources, value)?.meaning);
    case "node_status.state_change":
      return sentence(findFlowWord(nodeStates, value)?.meaning);
    case "agent_event.type":
      return sentence(agentNotifications.find(({ hubble }) => hubble === value)?.meaning);
    case "debug_event.message":
      return sentence(findDebugMessage(value)?.meaning);
    default:
      return undefined;
  }
}

function explainIdentityNumber(value: string): FieldExplanation | undefined {
  const id = parseIdentity(value);
  if (id === undefined) return undefined;
  const { meaning, nodeLocal } = describeIdentity(id);
  return {
    sentences: [`${value} is ${meaning}.`],
    notes: nodeLocal ? ["The number holds on that node only and must not be compared with another node's."] : [],
    sources: ["pkg/identity/numericidentity.go, Cilium 1.19.4"],
  };
}

function explainDeviceName(name: string): FieldExplanation | undefined {
  const device = describeDevice(name);
  return device && { sentences: [`${name} is ${device.meaning} (${device.owner}).`], sources: [device.source] };
}

function explainPayload(name: string, value: string | undefined): FieldExplanation | undefined {
  const meaning = own(agentPayloadMeanings, name);
  if (meaning === undefined) return undefined;
  const identity = /identity$/.test(name) && value !== undefined ? explainIdentityNumber(value) : undefined;
  return { sentences: [meaning, ...(identity?.sentences ?? [])], sources: [flowWordSource] };
}

function sentence(text: string | undefined, source = flowWordSource): FieldExplanation {
  return {
    sentences: text === undefined ? ["No version of Cilium known here has this value."] : [text],
    sources: [source],
  };
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
