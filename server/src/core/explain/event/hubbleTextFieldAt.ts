import type { MonitorEvent } from "../../monitor/event.js";
import { hubbleCompactParts } from "../../monitor/hubbleCompact.js";
import { hubbleTime } from "../../monitor/hubbleTime.js";
import type { JsonPath } from "../../monitor/jsonPlaces.js";
import { type FieldPlace, fieldAmong, partAt, type TextField } from "./textFields.js";

/** Where flow.proto has what text prints as the type of a flow. */
const typePaths: Partial<Record<MonitorEvent["type"], readonly string[]>> = {
  trace: ["trace_observation_point"],
  drop: ["drop_reason_desc"],
  "policy-verdict": ["policy_match_type"],
  capture: ["debug_capture_point"],
  "trace-sock": ["sock_xlate_point"],
  logRecord: ["l7", "type"],
};

/** The lines of a record in a dictionary, by their keys. */
const dictPaths: Readonly<Record<string, readonly string[]>> = {
  TIMESTAMP: ["time"],
  NODE: ["node_name"],
  SOURCE: ["source"],
  DESTINATION: ["destination"],
  VERDICT: ["verdict"],
  SUMMARY: ["Summary"],
  FROM: ["debug_event", "source"],
  MARK: ["debug_event", "hash"],
  CPU: ["debug_event", "cpu"],
  STATE: ["node_status", "state_change"],
  NODES: ["node_status", "node_names"],
};

const time = { path: ["time"], words: new RegExp(`^(?:${hubbleTime})(?=:| \\[| {3}| EVENTS)`, "g") };
const node = { path: ["node_name"], words: /(?<= )\[([^\]]{1,253})\](?=:)/g };

/** The fields of lines that are not about a packet. */
const notices: Partial<Record<MonitorEvent["type"], readonly TextField[]>> = {
  lost: [
    { path: ["lost_events", "source"], words: /\b[A-Z_]{1,30}_(?:BUFFER|QUEUE)\b/g },
    { path: ["lost_events", "cpu"], words: /\bCPU\((\d{1,5})\)/g },
    { path: ["lost_events", "num_events_lost"], words: /(?<=CPU\(\d{1,5}\) (?:- )?|num_events_lost:)\d{1,15}/g },
    { path: ["lost_events", "first"], words: /(?<=\(first: )[^()]{1,40}?(?=, last)/g },
    { path: ["lost_events", "last"], words: /(?<=, last: )[^()]{1,40}?(?=\))/g },
  ],
  agent: [
    { path: ["agent_event", "type"], words: /(?<=: )[A-Z_]{5,40}(?= \(|$)/g },
    ...["cidr", "old identity", "identity", "old host ip", "host ip", "encrypt key", "pod name", "namespace"].map(
      (name) => ({ path: ["agent_event", "details", name], words: detail(name) }),
    ),
    ...["labels", "revision", "count", "error", "start time", "frontend", "backends", "traffic policy", "id"].map(
      (name) => ({ path: ["agent_event", "details", name], words: detail(name) }),
    ),
  ],
  debug: [
    { path: ["debug_event", "type"], words: /\bDBG_[A-Z0-9_]{1,40}/g },
    { path: ["debug_event", "hash"], words: /\bMARK: (0x[0-9a-f]{1,8}|N\/A)/g },
    { path: ["debug_event", "cpu"], words: /\bCPU: (\d{1,5}|N\/A)/g },
    { path: ["debug_event", "source"], words: /(?<=: )\S{1,300} \(ID: \d{1,5}\)/g },
    { path: ["debug_event", "message"], words: /(?<=CPU: \S{1,5} \().{1,1000}(?=\)$)|(?<=MESSAGE: ).{1,1000}$/g },
  ],
  "node-status": [
    {
      path: ["node_status", "state_change"],
      words: /Receiving flows from|are unavailable|removed from cluster|(?<=: )Error(?= ")/g,
    },
    { path: ["node_status", "node_names"], words: /(?<=nodes[a-z ]{0,30}: ).{1,4000}$/g },
    { path: ["node_status", "message"], words: /(?<=Error )".{0,1000}"|(?<=MESSAGE: )".{0,1000}"/g },
  ],
};

/** `name: value` among the details of an agent event. */
function detail(name: string): RegExp {
  return new RegExp(String.raw`(?<=[(,] ?)${name}: ([^()]{1,1000}?)(?=, [a-z][a-z ]{0,20}: |\)$)`, "g");
}

/**
 * The field that stands at `offset` in a line of `hubble observe` (compact, table or dictionary), by its path in flow.proto. `words` is
 * the line, `start` where it stands.
 */
export function hubbleTextFieldAt(
  words: string,
  event: MonitorEvent,
  start: number,
  offset: number,
): FieldPlace | undefined {
  const typePath = typePaths[event.type] ?? ["event_type"];
  const found =
    partAt(hubbleCompactParts(words, typePath), start, offset) ??
    fieldAmong([time, node, ...(notices[event.type] ?? [])], words, start, offset) ??
    dictFieldAt(words, typePath, start, offset) ??
    columnAt(words, typePath, start, offset);
  if (!found) return undefined;
  const { path, value = "" } = found.field;
  return { ...found, field: { path, value: readableValue(event, path, value) } };
}

/** Values as JSON has them: the match alone of a verdict's type, and whether an arrow is a reply's. */
function readableValue(event: MonitorEvent, path: JsonPath, value: string): string {
  if (event.type === "policy-verdict" && path[0] === "policy_match_type") return event.match;
  if (path[0] === "is_reply") return value === "<-" ? "true" : value === "->" ? "false" : "unknown";
  return value;
}

function dictFieldAt(
  words: string,
  typePath: readonly string[],
  start: number,
  offset: number,
): FieldPlace | undefined {
  const [whole, key = "", value = ""] = /^[- ]{0,20}([A-Z]{3,11}): ?(.*)$/.exec(words) ?? [];
  if (whole === undefined) return undefined;
  const path = key === "TYPE" ? typePath : dictPaths[key];
  const span = { start: start + words.indexOf(key), end: start + words.trimEnd().length };
  return path && offset >= span.start && offset < span.end ? { field: { path, value }, span } : undefined;
}

/** A cell of a table: from the right, summary, verdict, type, destination and source; then node and time. */
function columnAt(words: string, typePath: readonly string[], start: number, offset: number): FieldPlace | undefined {
  const cells = [...words.matchAll(/\S(?:.{0,2000}?\S)??(?= {3,}|$)/g)];
  const verdict = cells.findIndex(([cell]) => /^[A-Z_]{5,16}(?: BY .{1,2000})?$/.test(cell));
  const paths = [["source"], ["destination"], typePath, ["verdict"], ["Summary"]];
  for (const [index, cell] of cells.entries()) {
    const span = { start: start + cell.index, end: start + cell.index + cell[0].length };
    if (offset < span.start || offset >= span.end || verdict < 3) continue;
    const path = index === 0 ? ["time"] : (paths[index - verdict + 3] ?? ["node_name"]);
    return { field: { path, value: cell[0] }, span };
  }
  return undefined;
}
