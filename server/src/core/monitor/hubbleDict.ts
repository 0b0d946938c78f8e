import type { Place, Span } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { eventOfAgentRow, eventOfDebugRow, eventOfNodes } from "./hubbleNotices.js";
import { eventOfRow } from "./hubbleRow.js";
import { type TextBody, textBody } from "./textBody.js";
import type { DecodedBlock } from "./verboseBlock.js";

/** A line of `hubble observe -o dict`: its key, right-aligned, and its value. Agent and debug events are glued to the separator. */
const entry =
  /^(?:-{12})? {0,8}(TIMESTAMP|NODE|SOURCE|DESTINATION|TYPE|VERDICT|SUMMARY|DETAILS|FROM|MARK|CPU|MESSAGE|STATE|NODES): ?(.*)$/;
const opening = /^(?:-{12} {0,8})?TIMESTAMP: /;
/** No record has more lines. */
const mostLines = 8;

/**
 * Reads a record of `hubble observe -o dict`, which stands on several lines that begin with TIMESTAMP (hubble/pkg/printer): a flow,
 * losses, an agent or debug event, or a node's status. `undefined` where none begins at this line, whose body is `first`.
 */
export function readHubbleDict(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
  first: TextBody,
): DecodedBlock | undefined {
  if (!opening.test(first.line)) return undefined;
  const fields = new Map<string, string>();
  let last = index;
  for (let at = index; at < index + mostLines; at++) {
    const span = lines[at];
    const [, key, value = ""] = (span && entry.exec(textBody(text, span).line)) ?? [];
    if (key === undefined || fields.has(key)) break;
    fields.set(key, value);
    last = at;
  }
  const place = { file, start: first.body, end: lines[last]?.end ?? first.body };
  const event = eventOfDict(fields, place);
  return event && { decoded: { type: "event", event, problems: [] }, index: last };
}

function eventOfDict(fields: ReadonlyMap<string, string>, place: Place): MonitorEvent | undefined {
  const value = (key: string) => fields.get(key) ?? "";
  const node = fields.get("NODE");
  const time = value("TIMESTAMP");
  const base = { place, hubble: { time, ...(node !== undefined && node !== "-" && { nodeName: node }) } };
  if (fields.has("STATE")) {
    const message = value("MESSAGE").replace(/^"(.*)"$/, "$1");
    return eventOfNodes(value("STATE"), value("NODES"), message === "N/A" ? undefined : message, base);
  }
  if (fields.has("DETAILS")) return eventOfAgentRow(value("TYPE"), value("DETAILS"), base);
  if (fields.has("MARK")) {
    const row = { endpoint: value("FROM"), type: value("TYPE"), hash: value("MARK"), cpu: value("CPU") };
    return eventOfDebugRow({ ...row, message: value("MESSAGE") }, base);
  }
  if (!fields.has("VERDICT")) return undefined;
  const verdict = value("VERDICT").split(" ", 1)[0] ?? "";
  const row = { time, source: value("SOURCE"), destination: value("DESTINATION"), type: value("TYPE"), verdict };
  return eventOfRow({ ...row, summary: value("SUMMARY"), ...(node !== undefined && { node }) }, place);
}
