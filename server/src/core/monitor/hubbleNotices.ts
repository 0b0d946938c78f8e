import { agentNotifications } from "../cilium/agentNotifications.js";
import type { Place } from "../text/span.js";
import type { AgentEvent, DebugEvent, HubbleDetails, LostEvent, MonitorEvent, NodeStatusEvent } from "./event.js";
import { eventOfLosses } from "./hubbleLosses.js";
import { hubbleTime } from "./hubbleTime.js";

const opening = new RegExp(String.raw`^(${hubbleTime})(?: \[([^\]]{0,253})\])?:? `);
const losses = /^EVENTS LOST: ([A-Z_]{1,40}) (CPU\(.{1,200})$/;
const agent = /^([A-Z_]{5,40}) \((.{0,4000})\)$/;
const debug = /^(.{1,300}?) (DBG_[A-Z0-9_]{1,40}) MARK: (0x[0-9a-f]{1,8}|N\/A) CPU: (\d{1,5}|N\/A) \((.{0,1000})\)$/;
const nodes =
  /^(?:(Receiving flows from)|Error "(.{0,1000})" on)? ?\d{1,6} nodes(?: (are unavailable|removed from cluster))?: (.{1,4000})$/;
/** Hubble's command line of before 1.10 printed losses as Go prints the message. */
const oldLosses = /^unknown response type: &\{LostEvents:(?:source:([A-Z_]{1,40}))? {0,2}num_events_lost:(\d{1,15})/;

/**
 * What `hubble observe` prints in compact lines beside flows (hubble/pkg/printer): losses, agent events, debug events, and what Relay
 * says of its nodes.
 */
export function readHubbleNotice(line: string, place: Place): MonitorEvent | undefined {
  const old = oldLosses.exec(line);
  if (old) {
    const source = old[1] ?? "UNKNOWN_LOST_EVENT_SOURCE";
    return { type: "lost", place, hubble: {}, source, count: Number(old[2]) } satisfies LostEvent;
  }
  const head = opening.exec(line);
  if (!head) return undefined;
  const [whole, time = "", node = ""] = head;
  const rest = line.slice(whole.length);
  const base = { place, hubble: { time, ...(node !== "" && { nodeName: node }) } };
  const lost = losses.exec(rest);
  if (lost) return eventOfLosses(lost[1] ?? "", lost[2] ?? "", base);
  return readAgent(rest, base) ?? readDebug(rest, base) ?? readNodeStatus(rest, base);
}

type Base = { readonly place: Place; readonly hubble: HubbleDetails };

function readAgent(rest: string, base: Base): AgentEvent | undefined {
  const [, type, words = ""] = agent.exec(rest) ?? [];
  return type === undefined ? undefined : eventOfAgentRow(type, words, base);
}

/** An agent event by Hubble's name for it and its details as text: `cidr: 192.0.2.9/32, identity: 2, encrypt key: 0`. */
export function eventOfAgentRow(type: string, words: string, base: Base): AgentEvent | undefined {
  const known = agentNotifications.find(({ hubble }) => hubble === type);
  if (!known && type !== "AGENT_EVENT_UNKNOWN") return undefined;
  const fields = words.split(/, (?=[a-z][a-z ]{0,20}: )/).map((field) => field.split(": "));
  const message = Object.fromEntries(fields.map(([key = "", ...value]) => [key, value.join(": ")]));
  return { type: "agent", ...base, subtype: known?.subtype ?? type, message };
}

function readDebug(rest: string, base: Base): DebugEvent | undefined {
  const [, endpoint = "", type, hash = "", cpu = "", message = ""] = debug.exec(rest) ?? [];
  return type === undefined ? undefined : eventOfDebugRow({ endpoint, type, hash, cpu, message }, base);
}

/** A debug event as text; the endpoint is printed as `shop/web (ID: 71)`, what is not known as `N/A`. */
export function eventOfDebugRow(
  row: {
    readonly endpoint: string;
    readonly type: string;
    readonly hash: string;
    readonly cpu: string;
    readonly message: string;
  },
  base: Base,
): DebugEvent {
  const source = /ID: (\d{1,5})\)?$/.exec(row.endpoint)?.[1];
  return {
    type: "debug",
    ...base,
    message: row.message || row.type,
    ...(row.hash.startsWith("0x") && { flowHash: Number.parseInt(row.hash, 16) }),
    ...(/^\d/.test(row.cpu) && { cpu: Number(row.cpu) }),
    ...(source !== undefined && { source: Number(source) }),
  };
}

function readNodeStatus(rest: string, base: Base): NodeStatusEvent | undefined {
  const [, receiving, message, change, names] = nodes.exec(rest) ?? [];
  const state = receiving
    ? "NODE_CONNECTED"
    : message !== undefined
      ? "NODE_ERROR"
      : change === "are unavailable"
        ? "NODE_UNAVAILABLE"
        : change && "NODE_GONE";
  return names === undefined || !state ? undefined : eventOfNodes(state, names, message, base);
}

/** A node status with its nodes as text: `n1, n2 (and 3 more)`. */
export function eventOfNodes(state: string, names: string, message: string | undefined, base: Base): NodeStatusEvent {
  return {
    type: "node-status",
    ...base,
    state,
    nodes: names.replace(/ \(and \d{1,6} more\)$/, "").split(", "),
    ...(message !== undefined && { message }),
  };
}
