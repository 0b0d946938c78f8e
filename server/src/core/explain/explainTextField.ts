import type { MonitorEvent } from "../monitor/event.js";
import type { Span } from "../text/span.js";
import type { EventField } from "./explainEventField.js";

/** A field of a line of text, by the key that it has in JSON. */
interface TextField {
  readonly key: string;
  /** The words; the value is in the first group, or is the whole. */
  readonly words: RegExp;
}

const identities: readonly TextField[] = [
  { key: "srcLabel", words: /(?<=identity )([\w-]{1,64})(?=->)/g },
  { key: "dstLabel", words: /(?<=identity [\w-]{1,64}->)([\w-]{1,64})/g },
];
const common: readonly TextField[] = [
  { key: "cpu", words: /\bCPU (\d{1,5})(?=:)/g },
  { key: "mark", words: /\b(?:flow|MARK) (0x[0-9a-f]{1,8})/g },
  { key: "source", words: /\bFROM (\d{1,5})/g },
  { key: "bytes", words: /\b(\d{1,10}) bytes/g },
];
const byType: Partial<Record<MonitorEvent["type"], readonly TextField[]>> = {
  trace: [
    ...common,
    ...identities,
    { key: "state", words: /\bstate ([\w-]{1,32}?)(?= |,|identity|$)/g },
    { key: "ifindex", words: /\b(?:ifindex|interface) (\S{1,32}?)(?=:? |,|identity|$)/g },
    { key: "IpTraceID", words: /\bip-trace-id = (\d{1,20})/gi },
    { key: "dstID", words: /\bto (?:endpoint|proxy-port) (\d{1,5})/g },
    { key: "observationPoint", words: /\b(?:to|from)-(?:endpoint|proxy|host|stack|overlay|network|crypto)\b/g },
    { key: "traceSummary", words: /^(?:->|<-) [a-z]{4,8}(?: port| from)?(?: \d{1,5})?/g },
  ],
  drop: [
    ...common,
    ...identities,
    { key: "reason", words: /(?:^xx drop \(|\breason )([^()]{1,100}?(?: \(L3\))?)(?=\)|, identity|, to endpoint|$)/g },
    { key: "Ifindex", words: /\bifindex[ =](\d{1,10})/g },
    { key: "File", words: /\bfile ([^:,\s]{1,64})/g },
    { key: "Line", words: /(?<=\bfile [^:,\s]{1,64}:)(\d{1,5})/g },
    { key: "IPTraceID", words: /\bip-trace-id = (\d{1,20})/gi },
    { key: "dstID", words: /\bto endpoint (\d{1,10})/g },
  ],
  debug: [...common.slice(0, 1), { key: "message", words: /(?<=DEBUG: )(.{1,500})$/g }],
};

/**
 * The field that stands at `offset` in a line of monitor text, by the key of the JSON that says the same, with its place.
 * `line` is where the line stands in `text`. `undefined` for words between fields, and for Hubble's lines.
 */
export function textFieldAt(
  text: string,
  event: MonitorEvent,
  line: Span,
  offset: number,
): { readonly field: EventField; readonly span: Span } | undefined {
  if (event.hubble) return undefined;
  const words = text.slice(line.start, line.end);
  for (const { key, words: pattern } of byType[event.type] ?? []) {
    for (const found of words.matchAll(pattern)) {
      const start = line.start + found.index;
      const end = start + found[0].length;
      if (offset >= start && offset < end)
        return { field: { path: [key], value: found[1] ?? found[0] }, span: { start, end } };
    }
  }
  return undefined;
}
