import type { Span } from "../text/span.js";
import { stringEnd } from "./jsonObject.js";
import { skipBlank, skipNoise } from "./lineNoise.js";

export type JsonPath = readonly (string | number)[];

/** A value in a JSON text, with the key it stands under. */
export interface JsonPlace {
  readonly path: JsonPath;
  /** The key with its quotes; absent for array elements and the outermost value. */
  readonly key?: Span;
  /** The value with its quotes or brackets. In a cut text it ends where the text does. */
  readonly value: Span;
  readonly kind: "object" | "array" | "string" | "other";
}

interface Frame {
  readonly path: JsonPath;
  readonly key?: Span;
  readonly start: number;
  readonly kind: "object" | "array";
  nextIndex: number;
  pendingKey?: { readonly name: string; readonly span: Span };
}

/** The innermost value whose key or text holds `offset`, in the JSON text within `span`. Cut texts are read as far as they go. */
export function jsonPlaceAt(text: string, span: Span, offset: number): JsonPlace | undefined {
  return findPlace(text, span, ({ key, value }) => (key ?? value).start <= offset && offset < value.end);
}

/** Where the value at `path` stands. */
export function jsonPlaceOf(text: string, span: Span, path: JsonPath): JsonPlace | undefined {
  const wanted = path.join("\0");
  return findPlace(text, span, (place) => place.path.length === path.length && place.path.join("\0") === wanted);
}

/**
 * The first place that satisfies, inner ones before those that hold them. One pass, without recursion; terminal noise and wrapped
 * lines between and inside the tokens are stepped over.
 */
function findPlace(text: string, span: Span, satisfies: (place: JsonPlace) => boolean): JsonPlace | undefined {
  const frames: Frame[] = [];
  const done = (place: JsonPlace) => (satisfies(place) ? place : undefined);
  const close = (end: number): JsonPlace | undefined => {
    const frame = frames.pop();
    if (!frame) return undefined;
    const { path, key, kind, start } = frame;
    return done({ path, ...(key && { key }), kind, value: { start, end } });
  };
  let at = span.start;
  while (at < span.end) {
    at = skipBlank(text, at);
    if (at >= span.end) break;
    const start = at;
    const unit = text.charCodeAt(at);
    const frame = frames.at(-1);
    if (unit === 0x7d || unit === 0x5d) {
      at++;
      const found = close(at);
      if (found) return found;
      if (frames.length === 0) return undefined;
    } else if (unit === 0x2c || unit === 0x3a) {
      at++;
    } else if (unit === 0x7b || unit === 0x5b) {
      at++;
      const { path, key } = takeName(frame);
      frames.push({ path, ...(key && { key }), start, kind: unit === 0x7b ? "object" : "array", nextIndex: 0 });
    } else {
      const isString = unit === 0x22;
      at = isString ? stringEnd(text, at, span.end) : literalEnd(text, at, span.end);
      if (isString && frame?.kind === "object" && !frame.pendingKey) {
        frame.pendingKey = { name: decodeJsonString(text, { start, end: at }).value, span: { start, end: at } };
        continue;
      }
      const { path, key } = takeName(frame);
      const kind = isString ? "string" : "other";
      const found = done({ path, ...(key && { key }), kind, value: { start, end: at } });
      if (found) return found;
    }
  }
  while (frames.length > 0) {
    const found = close(span.end);
    if (found) return found;
  }
  return undefined;
}

function takeName(frame: Frame | undefined): { path: JsonPath; key?: Span } {
  if (!frame) return { path: [] };
  if (frame.kind === "array") return { path: [...frame.path, frame.nextIndex++] };
  const key = frame.pendingKey;
  delete frame.pendingKey;
  return key ? { path: [...frame.path, key.name], key: key.span } : { path: frame.path };
}

function literalEnd(text: string, start: number, limit: number): number {
  let at = start + 1;
  while (at < limit && !',:{}[]" \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

/** A decoded string and, for each of its units and its end, the offset in the JSON text at which it stands. */
export interface DecodedString {
  readonly value: string;
  readonly offsets: readonly number[];
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Decodes the string whose quotes are the ends of `span` (RFC 8259 section 7). An escape that is none stands for itself. */
export function decodeJsonString(text: string, span: Span): DecodedString {
  const units: string[] = [];
  const offsets: number[] = [];
  const closed = span.end - span.start > 1 && text.charCodeAt(span.end - 1) === 0x22;
  const end = closed ? span.end - 1 : span.end;
  let at = span.start + 1;
  while (at < end) {
    const next = skipNoise(text, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const [unit, length] = text.charCodeAt(at) === 0x5c ? decodeEscape(text, at) : [text.charAt(at), 1];
    units.push(unit);
    offsets.push(at);
    at += length;
  }
  offsets.push(Math.min(at, end));
  return { value: units.join(""), offsets };
}

function decodeEscape(text: string, at: number): [string, number] {
  const letter = text.charAt(at + 1);
  if (letter === "u") {
    const digits = text.slice(at + 2, at + 6);
    if (/^[0-9a-fA-F]{4}$/.test(digits)) return [String.fromCharCode(Number.parseInt(digits, 16)), 6];
  }
  return [escapes[letter] ?? letter, 2];
}
