import { agentNotifications } from "../cilium/agentNotifications.js";
import type { Place } from "../text/span.js";
import type { AgentEvent } from "./event.js";

const agent = /^>> ([A-Z][\w ]{1,60}): (.*)$/;

/**
 * A message of the agent as text output prints it: `>> Policy updated: {"labels":[],"revision":3,"rule_count":1}`. People quote with the
 * same characters: a message of no known kind has to have an object.
 */
export function readAgent(line: string, place: Place): AgentEvent | undefined {
  const found = agent.exec(line);
  if (!found) return undefined;
  const [, subtype = "", payload = ""] = found;
  if (!payload.startsWith("{") && !agentNotifications.some((known) => known.subtype === subtype)) return undefined;
  return { type: "agent", place, subtype, message: parsePayload(payload) };
}

/** The payload as JSON; where it is none, as the text it is. */
function parsePayload(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
