import type { Span } from "../text/span.js";
import type { DecodedLine } from "./event.js";
import { type LayerSummary, readHeaders } from "./layers.js";
import { textBody } from "./textBody.js";
import { readVerbose, type VerboseEvent } from "./textVerbose.js";

/** What was read from several lines that belong together, with the index of the last of them. */
export interface DecodedBlock {
  readonly decoded: DecodedLine;
  readonly index: number;
}

/** 1.19 leaves the trace id of a drop unclosed before its first layer: ` [ IP-TRACE-ID=5Ethernet<TAB>{...`. */
const layer =
  /^(?:\[ IP-TRACE-ID=\d{1,20})?(Ethernet|ARP|IPv4|IPv6|TCP|UDP|SCTP|ICMPv4|ICMPv6|VXLAN|Geneve)[\t ]{1,16}(\{.*)$/;
const beside = /^(?:Packet has been truncated$|Failed to decode layer: |IGMP[\t ]+\{|VRRP[\t ]+\{)/;
/** A line of Go's hex.Dump, as `--hex` prints it in place of layers. */
const hexDump = /^[0-9a-f]{8} {2}(?:[0-9a-f]{2} {1,2}){1,16} *\|.{1,16}\|$/;
/** The first dissection makes the monitor log a line, wherever the output stands then. */
const logLine = /^(?:time=\S{1,40} )?level=\w{1,10} msg=/;

/**
 * Reads the block of an event that `-vv` printed: a header line with its layers (or hex dump) below it (until 1.7 and since 1.18) or
 * above it (between). Layers above a header are its own where they touch it; else those below. A run of layers that no header touches
 * is a remark. `undefined` where no block begins at this line. Every line is looked at a bounded number of times.
 */
export function readVerboseBlock(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
): DecodedBlock | undefined {
  const first = lines[index];
  if (!first) return undefined;
  const start = textBody(text, first).body;
  const header = headerAt(file, text, first);
  if (header) {
    const below = layerRun(text, lines, index + 1, true);
    const end = lines[below.end - 1]?.end ?? first.end;
    return below.end === index + 1 ? undefined : block(header, below.summary, { file, start, end }, below.end - 1);
  }
  const above = layerRun(text, lines, index, false);
  if (above.end === index) return undefined;
  const next = lines[above.end];
  const owner = next && headerAt(file, text, next);
  if (next && owner) return block(owner, above.summary, { file, start, end: next.end }, above.end);
  const last = lines[above.end - 1] ?? first;
  return { decoded: { type: "remark", place: { file, start, end: last.end } }, index: above.end - 1 };
}

function block(event: VerboseEvent, summary: LayerSummary, place: VerboseEvent["place"], index: number): DecodedBlock {
  const headers = readHeaders(summary);
  return { decoded: { type: "event", event: { ...event, place, ...(headers && { headers }) }, problems: [] }, index };
}

function headerAt(file: string, text: string, span: Span): VerboseEvent | undefined {
  const { body, line } = textBody(text, span);
  return readVerbose(line, { file, start: body, end: span.end });
}

/** The layers that stand from `index` on, by the names they have in JSON, and the index behind them. */
function layerRun(
  text: string,
  lines: readonly Span[],
  index: number,
  mayBeginWithLog: boolean,
): { readonly summary: LayerSummary; readonly end: number } {
  const summary: Record<string, string> = {};
  let end = index;
  for (let at = index; ; at++) {
    const span = lines[at];
    if (!span) break;
    const { line } = textBody(text, span);
    const found = layer.exec(line);
    if (found) {
      const [, name = "", fields = ""] = found;
      // Of layers with the same name the first is the outer one, which is what the event's own headers are.
      summary[name.toLowerCase()] ??= `${name}\t${fields}`;
    } else if (!beside.test(line) && !hexDump.test(line)) {
      if (mayBeginWithLog && at === index && logLine.test(line)) continue;
      break;
    }
    end = at + 1;
  }
  return { summary, end };
}
