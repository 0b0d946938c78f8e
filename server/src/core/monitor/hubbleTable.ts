import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { eventOfRow } from "./hubbleRow.js";
import { hubbleTime } from "./hubbleTime.js";
import { rowVerdicts } from "./hubbleWords.js";

const timeColumn = new RegExp(`^(?:${hubbleTime})$`);
const verdictColumn = new RegExp(`^(?:${rowVerdicts.join("|")}|-)(?: BY .{1,2000})?$`);

/**
 * A row of `hubble observe -o table`: TIMESTAMP [NODE] SOURCE DESTINATION TYPE VERDICT SUMMARY, with three blanks or more between the
 * columns (the printer's tabwriter). It names no identities and does not say whether the packet is a reply.
 */
export function readHubbleTable(line: string, place: Place): MonitorEvent | undefined {
  const columns = line.split(/ {3,}/, 9);
  const [time = ""] = columns;
  if (columns.length < 5 || columns.length > 7 || !timeColumn.test(time)) return undefined;
  // Counted from the verdict, as the node is optional and a summary may be empty.
  const at = columns.findIndex((column, index) => index >= 4 && verdictColumn.test(column));
  const [source, destination, type, verdict = ""] = columns.slice(Math.max(at - 3, 0), at + 1);
  const isRow = (at === 4 || at === 5) && columns.length - at <= 2;
  if (!isRow || source === undefined || destination === undefined || type === undefined) return undefined;
  const node = at === 5 ? columns[1] : undefined;
  const summary = columns[at + 1] ?? "";
  const word = verdict.split(" ", 1)[0] ?? "";
  return eventOfRow(
    { time, source, destination, type, verdict: word, summary, ...(node !== undefined && { node }) },
    place,
  );
}
