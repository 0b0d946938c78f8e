import { parseAddress } from "../net/address.js";
import type { Place, Span } from "../text/span.js";
import { routeLineOfJson, ruleLineOfJson } from "./jsonWords.js";
import type { Line } from "./line.js";
import { isObject, type JsonObject, type JsonValue, member, readJsonArray } from "./looseJson.js";
import { readRouteLine } from "./readRouteLine.js";
import { readRuleLine } from "./readRuleLine.js";
import type { InterfaceAddress, Link } from "./section.js";
import { takeEndpointObject } from "./takeEndpoints.js";
import { addLink } from "./takeLinks.js";
import { addNeighbour } from "./takeNeighbours.js";
import { addRoute, announcedListing, openRoutes } from "./takeRoutes.js";
import { addRule, openRules } from "./takeRules.js";
import type { TranscriptState } from "./transcriptState.js";
import { isBlank } from "./word.js";

/** How far the beginning of an array is looked at to tell whether it is output of `ip -j`. */
const beginning = 400;

const keysOfIp =
  /^\[\s*\{\s*(?:"id":\s*\d+,\s*"(?:spec|status)"|"(?:priority|dst|ifindex|ifname|type|throw|unreachable|blackhole|prohibit|local|broadcast|multicast|anycast|deleted|not)"|\})/;

/** A line that the readers of text can read, in the place of an object. */
function lineOf(file: string, text: string, { start }: JsonObject): Line {
  return { file, text, pieces: [{ at: 0, offset: start }] };
}

function takeRuleObject(state: TranscriptState, object: JsonObject): void {
  const place: Place = { file: state.file, start: object.start, end: object.end };
  const family = state.pending.find(({ command }) => command.object === "rule")?.command.family;
  const reading = readRuleLine(lineOf(state.file, ruleLineOfJson(object), object), family);
  if (!reading || "problem" in reading) {
    state.problems.push({ place, message: reading?.problem.message ?? "This object is no rule." });
    const section = state.open?.kind === "rules" ? state.open : openRules(state, family ?? 4, place);
    section.cut = true;
    return;
  }
  const { rest: _rest, ...rule } = reading.rule;
  addRule(state, { ...rule, place });
}

function takeRouteObject(state: TranscriptState, object: JsonObject): void {
  const place: Place = { file: state.file, start: object.start, end: object.end };
  const { context } = state.listing ?? announcedListing(state);
  const reading = readRouteLine(lineOf(state.file, routeLineOfJson(object), object), context);
  if (!reading || "problem" in reading) {
    state.problems.push({ place, message: reading?.problem.message ?? "This object is no route." });
    openRoutes(state, context.family, place).cut = true;
    return;
  }
  if (reading.answer || state.answers > 0) return;
  const { rest: _rest, ...route } = reading.route;
  addRoute(state, { ...route, place });
}

function words(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function string(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Flags of an address that `ip -j addr` writes as members with the value true. */
const addressFlags = [
  "secondary",
  "dynamic",
  "noprefixroute",
  "deprecated",
  "tentative",
  "nodad",
  "mngtmpaddr",
  "temporary",
  "home",
  "permanent",
];

function addressOf(file: string, object: JsonObject): InterfaceAddress | undefined {
  const address = parseAddress(string(member(object, "local")) ?? "");
  const prefixLength = number(member(object, "prefixlen"));
  const peer = parseAddress(string(member(object, "address")) ?? "");
  const scope = string(member(object, "scope"));
  if (!address || prefixLength === undefined) return undefined;
  return {
    address,
    prefixLength,
    ...(peer ? { peer } : {}),
    ...(scope === undefined ? {} : { scope }),
    flags: addressFlags.filter((flag) => member(object, flag) === true),
    place: { file, start: object.start, end: object.end },
  };
}

function linkOf(file: string, object: JsonObject, name: string): Link {
  const addresses = member(object, "addr_info");
  const list: readonly JsonValue[] = Array.isArray(addresses) ? addresses : [];
  return {
    name,
    flags: words(member(object, "flags")),
    ...optional("index", number(member(object, "ifindex"))),
    ...optional("peer", string(member(object, "link"))),
    ...optional("mtu", number(member(object, "mtu"))),
    ...optional("state", string(member(object, "operstate"))),
    ...optional("master", string(member(object, "master"))),
    ...optional("group", string(member(object, "group"))),
    ...optional("linkLayer", string(member(object, "address"))),
    ...optional("vrfTable", vrfTableOf(object)),
    addresses: list.filter(isObject).flatMap((item) => addressOf(file, item) ?? []),
    place: { file, start: object.start, end: object.end },
  };
}

/** `"linkinfo":{"info_kind":"vrf","info_data":{"table":10}}` of `ip -d -j link`. */
function vrfTableOf(object: JsonObject): number | undefined {
  const info = member(object, "linkinfo");
  if (info === undefined || !isObject(info) || member(info, "info_kind") !== "vrf") return undefined;
  const data = member(info, "info_data");
  return data !== undefined && isObject(data) ? number(member(data, "table")) : undefined;
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}

function takeObject(state: TranscriptState, object: JsonObject): void {
  const name = string(member(object, "ifname"));
  const place: Place = { file: state.file, start: object.start, end: object.end };
  if (member(object, "priority") !== undefined) takeRuleObject(state, object);
  else if (takeEndpointObject(state, object)) return;
  else if (name !== undefined)
    addLink(state, linkOf(state.file, object, name), member(object, "addr_info") !== undefined);
  else if (member(object, "lladdr") !== undefined || Array.isArray(member(object, "state"))) {
    const address = parseAddress(string(member(object, "dst")) ?? "");
    const dev = string(member(object, "dev"));
    if (!address || dev === undefined) return;
    addNeighbour(state, {
      address,
      dev,
      ...optional("linkLayer", string(member(object, "lladdr"))),
      state: words(member(object, "state")).join(" "),
      place,
    });
  } else if (member(object, "dst") !== undefined) takeRouteObject(state, object);
}

/**
 * Takes the array that `ip -j` prints, on one line or pretty over many, if the line at `span` begins with one.
 *
 * @returns where the text goes on behind it, or `undefined`.
 */
export function takeJson(state: TranscriptState, span: Span): number | undefined {
  const { text } = state;
  let start = span.start;
  while (start < span.end && isBlank(text.charCodeAt(start))) start++;
  if (start >= span.end || text[start] !== "[" || !keysOfIp.test(text.slice(start, start + beginning)))
    return undefined;
  const array = readJsonArray(text, start);
  const before = state.sections.length;
  const open = state.open;
  for (const object of array.objects) takeObject(state, object);
  const report = (start: number, end: number, message: string) => {
    state.problems.push({ place: { file: state.file, start, end }, message });
    const section = state.open;
    if (section && "cut" in section && (state.sections.length > before || section === open)) section.cut = true;
  };
  for (const { start: from, end } of array.damaged) report(from, end, "This object is no JSON; the others are used.");
  if (array.cut)
    report(
      array.end,
      Math.min(text.length, array.end + 1),
      "The JSON breaks off here; the objects before it are used.",
    );
  return array.end;
}
