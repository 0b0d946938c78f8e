import type { Prefix } from "../net/prefix.js";
import type { Place } from "../text/span.js";
import { prefixAt } from "./prefixAt.js";
import type { Route } from "./route.js";

/**
 * Tables of a hundred thousand routes lead to few places, or all in the same way to devices of their own: their lines differ
 * by the destination, or by that and the device. A line that was read once serves as the template for all others like it;
 * they share whatever is not their own.
 */
export interface RouteTemplate {
  readonly route: Route;
  /** The device of its only nexthop; empty where it has none. */
  readonly dev: string;
  /** From behind the destination to the end of the last word, without the device. */
  readonly length: number;
}

/** What a line has behind its destination, in two parts: the device, and all the rest. */
interface Tail {
  readonly key: string;
  readonly dev: string;
}

/** Longest text of a destination: an IPv6 address with a dotted part, and its length. */
const longestPrefix = 50;

/** Longest line that is compared. */
const longestLine = 400;

function isPlain(unit: number): boolean {
  // Not the backslash, quotes, and marks of a blotted-out word, which make it another line.
  return unit > 32 && unit < 0x7f && unit !== 92 && unit !== 34 && unit !== 42 && unit !== 60;
}

function tailOf(tail: string): Tail | undefined {
  const keyword = tail.indexOf(" dev ");
  if (keyword < 0) return { key: tail, dev: "" };
  const start = keyword + 5;
  let end = start;
  while (end < tail.length && isPlain(tail.charCodeAt(end))) end++;
  if (end === start || (end < tail.length && tail.charCodeAt(end) !== 32)) return undefined;
  return { key: tail.slice(0, start) + tail.slice(end), dev: tail.slice(start, end) };
}

/**
 * The same route, laid out for copying. V8 keeps the members of an object that `JSON.parse` made inside the object, and those
 * of its copies too; an object that was built up by parts costs half as much again, in each of a million routes.
 */
function laidOut(route: Route): Route {
  const members = Object.fromEntries(Object.keys(route).map((key) => [key, ""]));
  return Object.assign(JSON.parse(JSON.stringify(members)), route);
}

/** Templates that are kept of one listing. */
const mostTemplates = 4096;

/**
 * Remembers the route of a line as a template. Only a whole and plain route can be one: nothing stands before it or, but for
 * blanks, behind it, and it has at most one nexthop, of the line itself.
 */
export function rememberTemplate(templates: Map<string, RouteTemplate>, text: string, route: Route): void {
  const blank = text.indexOf(" ");
  if (templates.size >= mostTemplates || blank < 0 || text.length > longestLine) return;
  if (route.type !== "unicast" || route.dst.length === 0 || route.nexthops.length > 1) return;
  if (route.rest || route.incomplete) return;
  const tail = tailOf(text.slice(blank));
  const dev = route.nexthops[0]?.dev ?? "";
  if (tail?.dev !== dev) return;
  const length = text.slice(blank).trimEnd().length - dev.length;
  templates.set(tail.key, { route: laidOut(route), dev, length });
}

/** The route in the line of `text` from `start` to `end`, if a template of it is known. */
export function similarRoute(
  templates: ReadonlyMap<string, RouteTemplate>,
  file: string,
  text: string,
  start: number,
  end: number,
): Route | undefined {
  if (end - start > longestLine) return undefined;
  const blank = text.slice(start, Math.min(end, start + longestPrefix)).indexOf(" ");
  const tail = blank < 0 ? undefined : tailOf(text.slice(start + blank, end));
  const template = tail && templates.get(tail.key);
  const dst = template && prefixAt(text, start, start + blank);
  if (!dst || dst.family !== template.route.family) return undefined;
  const place: Place = { file, start, end: start + blank + template.length + tail.dev.length };
  return copy(template, dst, place, tail.dev);
}

function copy({ route, dev }: RouteTemplate, dst: Prefix, place: Place, device: string): Route {
  if (device === dev) return { ...route, dst, place };
  const nexthops = route.nexthops.map((hop) => ({ ...hop, dev: device }));
  return { ...route, dst, nexthops, place };
}
