import type { MonitorEvent } from "../../monitor/event.js";
import type { JsonPath } from "../../monitor/jsonPlaces.js";
import type { LinePart } from "../../monitor/linePart.js";
import type { Span } from "../../text/span.js";
import type { EventField } from "./explainEventField.js";

/** A field and where it stands. */
export interface FieldPlace {
  readonly field: EventField;
  readonly span: Span;
}

/** A field of a line of text, by the path that JSON has for it. */
export interface TextField {
  readonly path: JsonPath;
  /** The words, found anywhere; the value is in the first group, or is the whole. */
  readonly words: RegExp;
}

const field = (key: string, words: RegExp): TextField => ({ path: [key], words });

const identities = [
  field("srcLabel", /(?<=identity )([\w-]{1,64})(?=->)/g),
  field("dstLabel", /(?<=identity [\w-]{1,64}->)([\w-]{1,64})/g),
];
const datapath = [
  field("cpu", /\bCPU (\d{1,5})(?=:)/g),
  field("mark", /\b(?:flow|MARK) (0x[0-9a-f]{1,8})/g),
  field("source", /\bFROM (\d{1,5})/g),
  field("bytes", /\b(\d{1,10}) bytes/g),
];
/** What stands behind the last colon of a one-line event: ends and kind. */
const connection = [
  field("src", /(?<=[:,] )([0-9a-f.:[\]]{2,64})(?= -> )/g),
  field("dst", /(?<=\S -> )([0-9a-f.:[\]]{2,64})/g),
  field("connection", /(?<=\S -> \S{2,64} )\S.{0,200}$/g),
];

/** The fields of monitor's text lines (pkg/monitor, Cilium 1.0 to 1.19), by type of event. */
export const textFields: Partial<Record<MonitorEvent["type"], readonly TextField[]>> = {
  trace: [
    ...datapath,
    ...identities,
    field("state", /\bstate ([\w-]{1,32}?)(?= |,|identity|$)/g),
    field("ifindex", /\b(?:ifindex|interface) (\S{1,32}?)(?=:? |,|identity|$)/g),
    field("orig-ip", /\borig-ip ([0-9a-fA-F.:]{1,45}?)(?=: |,|$)/g),
    field("encrypted", /\bencrypted\b/g),
    field("captured", /\((\d{1,10}) captured\)/g),
    field("IpTraceID", /\bip-trace-id = (\d{1,20})/gi),
    field("dstID", /\bto (?:endpoint|proxy-port) (\d{1,5})/g),
    field("observationPoint", /\b(?:to|from)-(?:endpoint|proxy|host|stack|overlay|network|crypto)\b/g),
    field("traceSummary", /^(?:->|<-) [a-z]{4,8}(?: port| from)?(?: \d{1,5})?/g),
    ...connection,
  ],
  drop: [
    ...datapath,
    ...identities,
    field("reason", /(?:^xx drop \(|\breason )([^()]{1,100}?(?: \(L3\))?)(?=\)|, identity|, to endpoint|$)/g),
    field("Ifindex", /\bifindex[ =](\d{1,10})/g),
    field("File", /\bfile ([^:,\s]{1,64})/g),
    field("Line", /(?<=\bfile [^:,\s]{1,64}:)(\d{1,5})/g),
    field("IPTraceID", /\bip-trace-id = (\d{1,20})/gi),
    field("dstID", /\bto endpoint (\d{1,10})/g),
    ...connection,
  ],
  debug: [...datapath.slice(0, 3), field("message", /(?<=DEBUG: )(.{1,500})$/g)],
  capture: [
    ...datapath,
    field("message", /(?<=DEBUG: \d{1,10} bytes,? )(.{1,500})$/g),
    field("prefix", /^(?:->|<-|==) [^:]{1,40}(?=: )/g),
    ...connection,
  ],
  agent: [field("subtype", /(?<=^>> )[^:]{1,60}/g)],
  logRecord: [
    field("observationPoint", /^(?:<-|->|\?\?)/g),
    field("flowType", /(?<=^\S{2} )(?:Request|Response|Sample)/g),
    field("l7Proto", /(?<=^\S{2} (?:Request|Response|Sample) )\S{1,40}/g),
    field("srcEpID", /(?<=^\S{2} \S{6,8} \S{1,40} (?:from|to) )\d{1,10}/g),
    field("dstEpID", /(?<=\]\) (?:from|to) )\d{1,10}/g),
    field("srcIdentity", /(?<=, identity )\d{1,10}/g),
    field("dstIdentity", /(?<=, identity \d{1,10}->)\d{1,10}/g),
    field("verdict", /(?<=, verdict )\w{1,32}/g),
    field("text", /(?<=, verdict \w{1,32} )\S.{0,1000}$/g),
    field("dstEpLabels", /(?<=\]\) (?:from|to) \d{1,10} \(\[)[^\]]{1,4000}/g),
    field("srcEpLabels", /(?<=^\S{2} \S{6,8} \S{1,40} (?:from|to) \d{1,10} \(\[)[^\]]{1,4000}/g),
  ],
  "policy-verdict": [
    field("mark", /\bflow (0x[0-9a-f]{1,8})/g),
    field("endpoint", /\blocal EP ID (\d{1,5})/g),
    field("remoteID", /\bremote ID ([\w-]{1,64})/g),
    field("dstPort", /\bdst port (\d{1,5})/g),
    field("proto", /\bproto (\d{1,3})/g),
    field("direction", /\b(?:ingress true|ingress false|ingress|egress)\b/g),
    field("action", /\baction (\w{1,32})/g),
    field("auth", /\bauth: ([\w-]{1,64})/g),
    field("match", /\bmatch ([\w-]{1,32})/g),
    ...connection,
  ],
  lost: [...datapath.slice(0, 1), field("count", /\bLost (\d{1,15}) events/g)],
  "trace-sock": [
    ...datapath.slice(0, 1),
    field("point", /\[((?:pre|post)-xlate-(?:fwd|rev)|unknown)\]/g),
    field("cgroupId", /\bcgroup_id: (\d{1,20})/g),
    field("cookie", /\bsock_cookie: (\d{1,20})/g),
    field("peer", /\bdst (\[\S{2,45}\]:\d{1,5})/g),
    field("protocol", /\b(?:tcp|udp)\b/g),
  ],
  recorder: [
    field("dir", /\bdir:(ingress|egress)/g),
    field("rule", /\brule:(\d{1,5})/g),
    field("ts", /\bts:(\d{1,20})/g),
    field("caplen", /\bcaplen:(\d{1,10})/g),
    field("len", /\blen:(\d{1,10})/g),
  ],
  unknown: datapath.slice(0, 1),
};

/** The field among those of a format whose words hold the offset. `start` is where `words` stands. */
export function fieldAmong(
  fields: readonly TextField[],
  words: string,
  start: number,
  offset: number,
): FieldPlace | undefined {
  for (const { path, words: pattern } of fields) {
    for (const found of words.matchAll(pattern)) {
      const span = { start: start + found.index, end: start + found.index + found[0].length };
      if (offset >= span.start && offset < span.end) return { field: { path, value: found[1] ?? found[0] }, span };
    }
  }
  return undefined;
}

/** The part of a line that holds the offset. `start` is where the line stands. */
export function partAt(parts: readonly LinePart[], start: number, offset: number): FieldPlace | undefined {
  const part = parts.find((part) => offset >= start + part.start && offset < start + part.end);
  if (!part) return undefined;
  const { path, value } = part;
  return { field: { path, value }, span: { start: start + part.start, end: start + part.end } };
}
