import type { Span } from "../text/span.js";
import type { DecodedLine, PacketHeaders, RecorderEvent } from "./event.js";
import { readHexLine } from "./hexDump.js";
import { readHeaders } from "./layers.js";
import { headersOfBytes } from "./packetBytes.js";
import { type TextBody, textBody } from "./textBody.js";
import { readRecorder } from "./textRecorder.js";
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
/** The first dissection makes the monitor log a line, wherever the output stands then. */
const logLine = /^(?:time=\S{1,40} )?level=\w{1,10} msg=/;
/** What a line of a block can begin with: a header, a layer or what stands beside them, a hex dump. */
const blockOpening = /^[CREAITUSVGPF[0-9a-f]/;

/**
 * Reads the block of an event that `-vv` printed, or of a recorder's packet: a header line with its layers or hex dump below it (until
 * 1.7 and since 1.18) or above it (between). Layers above a header are its own where they touch it; else those below. A run of layers
 * that no header touches is a remark. `undefined` where no block begins at this line, whose body is `first`. Every line is looked at a
 * bounded number of times.
 */
export function readVerboseBlock(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
  first: TextBody,
): DecodedBlock | undefined {
  const span = lines[index];
  if (!span || !blockOpening.test(first.line)) return undefined;
  const header = readHeader(file, first, span);
  if (header) {
    const below = layerRun(text, lines, index + 1, true);
    const end = lines[below.end - 1]?.end ?? span.end;
    const place = { file, start: first.body, end };
    return below.end === index + 1 ? undefined : block(header, below.headers, place, below.end - 1);
  }
  const above = layerRun(text, lines, index, false);
  if (above.end === index) return undefined;
  const next = lines[above.end];
  const owner = next && readHeader(file, textBody(text, next), next);
  if (next && owner) return block(owner, above.headers, { file, start: first.body, end: next.end }, above.end);
  const end = lines[above.end - 1]?.end ?? span.end;
  return { decoded: { type: "remark", place: { file, start: first.body, end } }, index: above.end - 1 };
}

type HeaderEvent = VerboseEvent | RecorderEvent;

function block(
  event: HeaderEvent,
  headers: PacketHeaders | undefined,
  place: HeaderEvent["place"],
  index: number,
): DecodedBlock {
  return { decoded: { type: "event", event: { ...event, place, ...(headers && { headers }) }, problems: [] }, index };
}

function readHeader(file: string, { body, line }: TextBody, span: Span): HeaderEvent | undefined {
  const place = { file, start: body, end: span.end };
  return line.startsWith("C") ? readVerbose(line, place) : readRecorder(line, place);
}

/** The headers of the layers or the hex dump that stand from `index` on, and the index behind them. */
function layerRun(
  text: string,
  lines: readonly Span[],
  index: number,
  mayBeginWithLog: boolean,
): { readonly headers: PacketHeaders | undefined; readonly end: number } {
  const layers: [name: string, text: string][] = [];
  const bytes: number[] = [];
  let end = index;
  for (let at = index; ; at++) {
    const span = lines[at];
    if (!span) break;
    const { line } = textBody(text, span);
    const found = layer.exec(line);
    const dumped = found ? undefined : readHexLine(line);
    if (found) {
      const [, name = "", fields = ""] = found;
      layers.push([name.toLowerCase(), `${name}\t${fields}`]);
    } else if (dumped) {
      // A dump that begins anew is another packet's.
      if (dumped.offset === 0 && bytes.length > 0) break;
      if (dumped.offset === bytes.length) bytes.push(...dumped.bytes);
    } else if (!beside.test(line)) {
      if (mayBeginWithLog && at === index && logLine.test(line)) continue;
      break;
    }
    end = at + 1;
  }
  const headers = bytes.length > 0 ? headersOfBytes(Uint8Array.from(bytes)) : headersOfLayers(layers);
  return { headers, end };
}

/** As in JSON, what stands behind a tunnel's layer is the packet, and what stands before it the packet's outer headers. */
function headersOfLayers(layers: readonly (readonly [name: string, text: string])[]): PacketHeaders | undefined {
  const tunnel = layers.findIndex(([name]) => name === "vxlan" || name === "geneve");
  const inner = layers.slice(tunnel + 1);
  if (tunnel < 0 || inner.length === 0) return readHeaders(summaryOf(layers));
  return readHeaders({ ...summaryOf(inner), tunnel: summaryOf(layers.slice(0, tunnel + 1)) });
}

/** Of layers with the same name the first counts: a packet in a packet without a tunnel of Cilium's is known by its outer headers. */
function summaryOf(layers: readonly (readonly [name: string, text: string])[]): Readonly<Record<string, string>> {
  const summary: Record<string, string> = {};
  for (const [name, text] of layers) summary[name] ??= text;
  return summary;
}
