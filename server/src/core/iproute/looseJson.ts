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
  /** The text breaks off inside the array, or something else than JSON stands in it. */
  readonly cut: boolean;
}

/** `ip -j` nests five levels; what goes deeper is not its output. */
const deepest = 16;

/** A reading position. `broken` is set where the text stops to be JSON; nothing is read from there on. */
interface Cursor {
  readonly text: string;
  at: number;
  broken: boolean;
}

const token = /[ \t\r\n]*(?:([[\]{},:])|"((?:[^"\\\r\n]|\\.)*)"|(-?[\d.]+(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/** The next token: a sign as itself, any other as a value in a box. */
function next(cursor: Cursor): string | { readonly value: string | number | boolean | null } | undefined {
  token.lastIndex = cursor.at;
  const found = token.exec(cursor.text);
  if (!found) {
    cursor.broken = true;
    return undefined;
  }
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
  cursor.broken = false;
  return false;
}

function readValue(cursor: Cursor, depth: number): JsonValue | undefined {
  const first = next(cursor);
  if (first === undefined || depth > deepest) {
    cursor.broken = true;
    return undefined;
  }
  if (typeof first === "object") return first.value;
  if (first === "{") return readObject(cursor, cursor.at - 1, depth + 1);
  if (first === "[") return readItems(cursor, depth + 1);
  cursor.broken = true;
  return undefined;
}

/** Reads behind a `{` that stands at `start`. iproute2 4.17 to 4.20 write `{"throw","dst":...}`: a key without a value. */
function readObject(cursor: Cursor, start: number, depth: number): JsonObject | undefined {
  const entries: [string, JsonValue][] = [];
  for (;;) {
    const key = next(cursor);
    if (key === "}") return { entries, start, end: cursor.at };
    if (key === ",") continue;
    if (typeof key !== "object") break;
    const value = peekSign(cursor, ":") ? readValue(cursor, depth) : true;
    if (value === undefined) break;
    entries.push([String(key.value), value]);
  }
  cursor.broken = true;
  return undefined;
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
    if (item === undefined) break;
    if (typeof item === "string" && peekSign(cursor, ":")) {
      const value = readValue(cursor, depth);
      if (value === undefined) break;
      items.push({ entries: [[item, value]], start, end: cursor.at });
    } else items.push(item);
  }
  cursor.broken = true;
  return undefined;
}

/**
 * Reads the array of objects whose `[` stands at `start`. It ends at its `]`, or where the text stops to be JSON: what was
 * whole until there is kept. Strings do not reach over a line's end, so a damaged one spoils no more than its line.
 */
export function readJsonArray(text: string, start: number): JsonArray {
  const cursor: Cursor = { text, at: start + 1, broken: false };
  const objects: JsonObject[] = [];
  for (;;) {
    const before = cursor.at;
    const sign = next(cursor);
    if (sign === "]") return { objects, end: cursor.at, cut: false };
    if (sign === ",") continue;
    const object = sign === "{" ? readObject(cursor, cursor.at - 1, 1) : undefined;
    // What was read in vain is not read again: the time stays linear.
    if (!object) return { objects, end: Math.max(before, cursor.at), cut: true };
    objects.push(object);
  }
}
