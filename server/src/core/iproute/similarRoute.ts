import type { Span } from "../text/span.js";
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
  /** From behind the destination to the end of the last word. */
  readonly length: number;
}

/** Templates by what a line has behind its destination: the very text, and the text without its device. */
export type RouteTemplates = Map<string, RouteTemplate>;

/** Longest text of a destination: an IPv6 address with a dotted part, and its length. */
const longestPrefix = 50;

/** Longest line that is compared. */
const longestLine = 400;

function isPlain(unit: number): boolean {
  // Not the backslash, quotes, and marks of a blotted-out word, which make it another line.
  return unit > 32 && unit < 0x7f && unit !== 92 && unit !== 34 && unit !== 42 && unit !== 60;
}

/** Where the device stands in the text behind a destination; an empty stretch at its end where there is none. */
function deviceIn(tail: string): Span | undefined {
  const keyword = tail.indexOf(" dev ");
  if (keyword < 0) return { start: tail.length, end: tail.length };
  const start = keyword + 5;
  let end = start;
  while (end < tail.length && isPlain(tail.charCodeAt(end))) end++;
  return end === start || (end < tail.length && tail.charCodeAt(end) !== 32) ? undefined : { start, end };
}

/** The text without its device, as a key that no text can be. */
function withoutDevice(tail: string, { start, end }: Span): string {
  return `\0${tail.slice(0, start)}${tail.slice(end)}`;
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
export function rememberTemplate(templates: RouteTemplates, text: string, route: Route): void {
  const blank = text.indexOf(" ");
  if (templates.size >= mostTemplates || blank < 0 || text.length > longestLine) return;
  if (route.type !== "unicast" || route.dst.length === 0 || route.nexthops.length > 1) return;
  if (route.rest || route.incomplete) return;
  const tail = text.slice(blank);
  const device = deviceIn(tail);
  const dev = route.nexthops[0]?.dev ?? "";
  if (!device || tail.slice(device.start, device.end) !== dev) return;
  const template: RouteTemplate = { route: laidOut(route), dev, length: tail.trimEnd().length };
  templates.set(tail, template);
  if (dev !== "") templates.set(withoutDevice(tail, device), template);
}

function blankAt(text: string, start: number, end: number): number {
  const last = Math.min(end, start + longestPrefix);
  for (let at = start; at < last; at++) if (text.charCodeAt(at) === 32) return at;
  return -1;
}

/** The route in the line of `text` from `start` to `end`, if a template of it is known. */
export function similarRoute(
  templates: RouteTemplates,
  file: string,
  text: string,
  start: number,
  end: number,
): Route | undefined {
  const blank = end - start > longestLine ? -1 : blankAt(text, start, end);
  if (blank < 0) return undefined;
  const tail = text.slice(blank, end);
  const same = templates.get(tail);
  const device = same ? undefined : deviceIn(tail);
  const template = same ?? (device && templates.get(withoutDevice(tail, device)));
  const dst = template && prefixAt(text, start, blank);
  if (!dst || dst.family !== template.route.family) return undefined;
  if (!device) return { ...template.route, dst, place: { file, start, end: blank + template.length } };
  const dev = tail.slice(device.start, device.end);
  const length = template.length + dev.length - template.dev.length;
  const nexthops = template.route.nexthops.map((hop) => ({ ...hop, dev }));
  const route = { ...template.route, dst, nexthops, place: { file, start, end: blank + length } };
  if (templates.size < mostTemplates) templates.set(tail, { route, dev, length });
  return route;
}
