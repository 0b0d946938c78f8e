import type { Prefix } from "../net/prefix.js";
import { parsePrefix } from "../net/prefix.js";
import type { Place } from "../text/span.js";
import type { Route } from "./route.js";

/**
 * Tables of a hundred thousand routes and more lead to few places: their lines differ by the destination alone. A route that
 * was read once serves as the template for all others like it; they share whatever is not their own.
 */

/**
 * The same route, laid out for copying. V8 keeps the members of an object that `JSON.parse` made inside the object, and those
 * of its copies too; an object that was built up by parts costs half as much again, in each of a million routes.
 */
export function templateOf(route: Route): Route {
  const members = Object.fromEntries(Object.keys(route).map((key) => [key, ""]));
  return Object.assign(JSON.parse(JSON.stringify(members)), route);
}

/** A route like the template, to another destination and from another place. */
export function similarRoute(template: Route, dst: Prefix, place: Place): Route {
  return { ...template, dst, place };
}

/** Reads decimal digits up to `max`; -1 if there are none, too many, or a zero before others. */
function decimal(text: string, start: number, end: number, max: number): number {
  if (start >= end || end - start > 3 || (end - start > 1 && text.charCodeAt(start) === 48)) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= max ? value : -1;
}

/**
 * Reads the prefix or address at `start` to `end` of a text: as `parsePrefix` does, but IPv4 without taking the text apart.
 */
export function prefixAt(text: string, start: number, end: number): Prefix | undefined {
  let value = 0;
  let parts = 0;
  let from = start;
  let at = start;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 58) return parsePrefix(text.slice(start, end));
    if (unit === 47) break;
    if (unit !== 46) continue;
    const part = decimal(text, from, at, 255);
    if (part < 0) return undefined;
    value = value * 256 + part;
    parts++;
    from = at + 1;
  }
  const last = decimal(text, from, at, 255);
  const length = at < end ? decimal(text, at + 1, end, 32) : 32;
  if (parts !== 3 || last < 0 || length < 0) return undefined;
  return { family: 4, value: BigInt(value * 256 + last), length };
}
