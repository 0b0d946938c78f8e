import type { Span } from "../text/span.js";

/** One `Name=value` of a layer, with the places of both in the layer's text. */
export interface LayerField {
  readonly name: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/**
 * The fields of a layer as gopacket's `LayerString` prints it: `IPv4<TAB>{Contents=[..20..] TTL=62 Options=[] ...}`.
 * Values may hold blanks inside brackets (`[143, 0, 89, 237]`, `TCPOption(Timestamps:1/2 0x0)`, `{ Contents=... }`), so a field
 * ends at the first blank outside all brackets. A text that breaks off yields the fields up to there. One pass.
 */
export function layerFields(text: string): LayerField[] {
  const fields: LayerField[] = [];
  eachField(text, (start, equals, end) => {
    fields.push({
      name: text.slice(start, equals),
      value: text.slice(equals + 1, end),
      nameSpan: { start, end: equals },
      valueSpan: { start: equals + 1, end },
    });
  });
  return fields;
}

/** The values of a layer by the names of its fields. */
export function layerValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  eachField(text, (start, equals, end) => values.set(text.slice(start, equals), text.slice(equals + 1, end)));
  return values;
}

function eachField(text: string, visit: (start: number, equals: number, end: number) => void): void {
  const open = text.indexOf("{");
  if (open < 0) return;
  let at = open + 1;
  while (at < text.length) {
    while (text.charCodeAt(at) === 32) at++;
    const end = fieldEnd(text, at);
    const equals = text.indexOf("=", at);
    if (equals < 0) break;
    if (equals < end) visit(at, equals, end);
    if (text.charCodeAt(end) !== 32) break;
    at = end + 1;
  }
}

function fieldEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x28 || unit === 0x7b) depth++;
    else if (unit === 0x5d || unit === 0x29 || unit === 0x7d) {
      if (depth === 0) return at;
      depth--;
    } else if (unit === 32 && depth === 0) return at;
  }
  return text.length;
}
