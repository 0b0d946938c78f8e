import type { Span } from "../text/span.js";

/** An object with its members in the order of the text: old `ip -j` writes some keys twice, and both count. */
export interface JsonObject extends Span {
  readonly entries: readonly (readonly [key: string, value: JsonValue])[];
}

export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];

/** Whether a value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first member of a name. */
export function member(object: JsonObject, key: string): JsonValue | undefined {
  return object.entries.find(([name]) => name === key)?.[1];
}

/** An array of objects as it stands in a text that goes on behind it. */
export interface JsonArray {
  readonly objects: readonly JsonObject[];
  readonly end: number;
  /** Objects that are no JSON, but have an end. */
  readonly damaged: readonly Span[];
  /** The text breaks off inside the array, or something else than objects stands in it. */
  readonly cut: boolean;
}

/** `ip -j` nests five levels; what goes deeper is not its output. */
const deepest = 16;

/** A reading position. */
interface Cursor {
  readonly text: string;
  at: number;
}

const token = /[ \t\r\n]*(?:([[\]{},:])|"((?:[^"\\\r\n]|\\.)*)"|(-?[\d.]+(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/** The next token: a sign as itself, any other as a value in a box; `undefined` where the text stops to be JSON. */
function next(cursor: Cursor): string | { readonly value: string | number | boolean | null } | undefined {
  token.lastIndex = cursor.at;
  const found = token.exec(cursor.text);
  if (!found) return undefined;
  cursor.at = token.lastIndex;
  const [, sign, string, number, literal] = found;
  if (sign !== undefined) return sign;
  if (string !== undefined) return { value: unescaped(string) };
  if (number !== undefined) return { value: Number(number) };
  return { value: literal === "true" ? true : literal === "false" ? false : null };
}

function unescaped(string: string): string {
  if (!string.includes("\\")) return string;
  try {
    return String(JSON.parse(`"${string}"`));
  } catch {
    return string;
  }
}

function peekSign(cursor: Cursor, sign: string): boolean {
  const before = cursor.at;
  if (next(cursor) === sign) return true;
  cursor.at = before;
  return false;
}

function readValue(cursor: Cursor, depth: number): JsonValue | undefined {
  const first = next(cursor);
  if (first === undefined || depth > deepest) return undefined;
  if (typeof first === "object") return first.value;
  if (first === "{") return readObject(cursor, cursor.at - 1, depth + 1);
  return first === "[" ? readItems(cursor, depth + 1) : undefined;
}

/** Reads behind a `{` that stands at `start`. iproute2 4.17 to 4.20 write `{"throw","dst":...}`: a key without a value. */
function readObject(cursor: Cursor, start: number, depth: number): JsonObject | undefined {
  const entries: [string, JsonValue][] = [];
  for (;;) {
    const key = next(cursor);
    if (key === "}") return { entries, start, end: cursor.at };
    if (key === ",") continue;
    if (typeof key !== "object") return undefined;
    const value = peekSign(cursor, ":") ? readValue(cursor, depth) : true;
    if (value === undefined) return undefined;
    entries.push([String(key.value), value]);
  }
}

/**
 * Reads behind a `[`. iproute2 4.17 to 4.20 write `[1400 65535 "rtt":300]`: without commas, and with members among the items;
 * each such member becomes an object of its own.
 */
function readItems(cursor: Cursor, depth: number): JsonValue[] | undefined {
  const items: JsonValue[] = [];
  for (;;) {
    if (peekSign(cursor, "]")) return items;
    if (peekSign(cursor, ",")) continue;
    const start = cursor.at;
    const item = readValue(cursor, depth);
    if (item === undefined) return undefined;
    if (typeof item === "string" && peekSign(cursor, ":")) {
      const value = readValue(cursor, depth);
      if (value === undefined) return undefined;
      items.push({ entries: [[item, value]], start, end: cursor.at });
    } else items.push(item);
  }
}

/** Where the object that begins at `start` ends by its braces, or `undefined`. */
function closingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\\") at++;
    else if (sign === '"') quoted = !quoted;
    else if (sign === "\n" && quoted) return undefined;
    else if (sign === "{" && !quoted) depth++;
    else if (sign === "}" && !quoted && --depth === 0) return at + 1;
  }
  return undefined;
}

/**
 * Reads the array of objects whose `[` stands at `start`. It ends at its `]`, or where the text stops to be JSON: what was
 * whole until there is kept. Strings do not reach over a line's end, so a damaged one spoils no more than its line.
 */
export function readJsonArray(text: string, start: number): JsonArray {
  const cursor: Cursor = { text, at: start + 1 };
  const objects: JsonObject[] = [];
  const damaged: Span[] = [];
  for (;;) {
    const before = cursor.at;
    const sign = next(cursor);
    if (sign === "]") return { objects, damaged, end: cursor.at, cut: false };
    if (sign === ",") continue;
    const begin = cursor.at - 1;
    const object = sign === "{" ? readObject(cursor, begin, 1) : undefined;
    if (object) {
      objects.push(object);
      continue;
    }
    const end = sign === "{" ? closingBrace(text, begin) : undefined;
    // What was read in vain is not read again: the time stays linear.
    if (end === undefined) return { objects, damaged, end: Math.max(before, cursor.at), cut: true };
    damaged.push({ start: begin, end });
    cursor.at = end;
  }
}
