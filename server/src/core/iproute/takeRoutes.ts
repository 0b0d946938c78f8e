import type { Family } from "../net/address.js";
import type { Place, Problem } from "../text/span.js";
import type { IpCommand } from "./ipCommand.js";
import { type Line, placeIn } from "./line.js";
import { mainTable } from "./names.js";
import { readListing } from "./readListing.js";
import { readNexthopLine, readRouteLine } from "./readRouteLine.js";
import type { Route } from "./route.js";
import type { RouteSection } from "./section.js";
import { noRouteTemplates, rememberRoute, similarRoute } from "./similarRoute.js";
import {
  type Draft,
  endsText,
  noteRemark,
  openSection,
  type RouteListing,
  type TranscriptState,
  takePending,
} from "./transcriptState.js";

function showsRoutes({ object, verb }: IpCommand): boolean {
  return object === "route" && verb === "show";
}

/** What the command or heading above says of the routes to come. */
export function announcedListing(state: TranscriptState): RouteListing {
  const pending = state.pending.find(({ command }) => showsRoutes(command));
  const command = pending?.command;
  const listing = command && readListing(command);
  const { heading } = state;
  const named = listing?.table ?? heading.table ?? mainTable;
  const filter = [listing?.filter, command?.pipe].filter((words) => words !== undefined).join(" ");
  return {
    context: {
      family: command?.family ?? heading.family ?? 4,
      table: named === "all" ? mainTable : named,
      ...(listing ? { filtered: listing.filtered } : {}),
    },
    common: {
      kind: "routes",
      ...(pending ? { command: pending.shown } : {}),
      printedBy: command?.busybox ? "busybox" : "unknown",
      table: named === "all" ? undefined : named,
      ...(filter === "" ? {} : { filter }),
      cut: false,
      tableMissing: false,
    },
    sections: new Map(),
    templates: noRouteTemplates(),
  };
}

/** The section of a family for the command or heading above, or for routes that came without either. */
export function openRoutes(state: TranscriptState, family: Family, place: Place): Draft<RouteSection> {
  if (!state.listing) {
    state.listing = announcedListing(state);
    takePending(state, showsRoutes);
  }
  const known = state.listing.sections.get(family);
  if (known) {
    state.open = known;
    return known;
  }
  const section: Draft<RouteSection> = { ...state.listing.common, family, place, routes: [] };
  state.listing.sections.set(family, section);
  return openSection(state, section);
}

/** Adds a route to the section of its family. */
export function addRoute(state: TranscriptState, route: Route): Draft<RouteSection> {
  const open = state.open?.kind === "routes" ? state.open : undefined;
  const section = open?.family === route.family ? open : openRoutes(state, route.family, route.place);
  section.routes.push(route);
  if (state.listing?.growing) delete state.listing.growing;
  return section;
}

/** The entry that IPv6 of old kernels shows for "no route": nobody configured it. */
function isNullEntry({ family, type, dst, metric, nexthops }: Route): boolean {
  return (
    family === 6 &&
    type === "unreachable" &&
    dst.length === 0 &&
    metric === 4294967295 &&
    nexthops.every((hop) => hop.dev === "lo")
  );
}

/** Takes the line from `start` to `end` of the text if it is like one that was read before. */
export function takeSimilarRoute(state: TranscriptState, start: number, end: number): boolean {
  if (!state.listing || state.open?.kind !== "routes") return false;
  const route = similarRoute(state.listing.templates, state.file, state.text, start, end);
  if (route) addRoute(state, route);
  return route !== undefined;
}

/** Whether a line without context is convincing: a route that is read to its end, not a list of addresses or a sentence. */
function standsAlone(route: Route, bare: boolean, remark: boolean): boolean {
  if (bare || (route.rest && !remark)) return false;
  const needsNothing = ["throw", "unreachable", "prohibit", "blackhole"].includes(route.type);
  return needsNothing || route.nexthops.length > 0 || route.protocol !== undefined || route.nhid !== undefined;
}

/** Whether a line of nexthops comes next: `ip` prints them below a destination that stands alone. */
function nexthopFollows(text: string, line: Line): boolean {
  const end = placeIn(line, 0, line.text.length).end;
  return /^\r?\n?[ \t>|+*-]{0,40}nexthop/.test(text.slice(end, end + 64));
}

function reportProblem(state: TranscriptState, problem: Problem, family: Family): void {
  state.problems.push(problem);
  const section = state.open?.kind === "routes" ? state.open : openRoutes(state, family, problem.place);
  section.cut = true;
}

/** Takes a line that is a route, into the open section or a new one. */
export function takeRoute(state: TranscriptState, line: Line): boolean {
  const { context } = state.listing ?? announcedListing(state);
  const reading = readRouteLine(line, context);
  if (!reading) return false;
  if ("problem" in reading) {
    reportProblem(state, reading.problem, context.family);
    return true;
  }
  const { route, bare, answer, remark } = reading;
  if (answer || state.answers > 0) {
    state.answers = Math.max(0, state.answers - 1);
    noteRemark(state, line);
    return true;
  }
  const expected = state.open?.kind === "routes" || state.pending.some(({ command }) => showsRoutes(command));
  const multipath = route.type === "unicast" && route.nexthops.length === 0 && nexthopFollows(state.text, line);
  if (!expected && !multipath && !standsAlone(route, bare, remark)) return false;
  // BusyBox prints the bare destination of a multipath route and a blank. Anything else that is bare is a list of addresses.
  if (bare && !multipath && !/\/\d+ $/.test(line.text)) return false;
  if (isNullEntry(route)) {
    noteRemark(state, line);
    return true;
  }
  const section = addRoute(state, bare && !multipath ? { ...route, incomplete: true } : route);
  if (route.incomplete && endsText(state, line)) section.cut = true;
  if (route.rest && remark) state.remarks.push(route.rest);
  const offset = line.pieces[0]?.offset;
  if (state.listing && !bare && line.pieces.length === 1 && route.place.start === offset) {
    rememberRoute(state.listing.templates, line.text, route);
  }
  return true;
}

/** Takes a `nexthop` line: it belongs to the route above it. */
export function takeNexthop(state: TranscriptState, line: Line): boolean {
  const { listing, open } = state;
  const reading = line.text.includes("nexthop") ? readNexthopLine(line) : undefined;
  if (!reading) return false;
  const last = open?.kind === "routes" ? open.routes.at(-1) : undefined;
  if (!listing || open?.kind !== "routes" || !last) {
    noteRemark(state, line);
    return true;
  }
  if ("problem" in reading) {
    state.problems.push(reading.problem);
    open.routes[open.routes.length - 1] = { ...last, incomplete: true };
    return true;
  }
  if (listing.growing?.route !== last) {
    const hops = [...last.nexthops];
    listing.growing = { route: { ...last, nexthops: hops }, hops };
    open.routes[open.routes.length - 1] = listing.growing.route;
  }
  const { route, hops } = listing.growing;
  hops.push(...reading.nexthops);
  if (reading.pref) route.pref = reading.pref;
  if (reading.incomplete) route.incomplete = true;
  route.place = { ...route.place, end: reading.end };
  return true;
}

/** Blanks that a paste may have at the end of a line. */
const longestGap = 400;

/**
 * Takes the `cache` line below a route: the route is an answer of `ip route get`, or a copy that IPv6 of old kernels made for
 * a packet, and no entry of the table.
 */
export function takeCacheLine(state: TranscriptState, line: Line): boolean {
  if (!/^\s+(?:\*\*)?cache\b/.test(line.text)) return false;
  const routes = state.open?.kind === "routes" ? state.open.routes : [];
  const last = routes.at(-1);
  const above = placeIn(line, 0, 0).start - 1;
  // Only a route in the line directly above; an answer that was recognised as such is not in the list.
  if (last && above - last.place.end < longestGap && state.text.slice(last.place.end, above).trim() === "") {
    routes.pop();
    state.remarks.push({ start: last.place.start, end: last.place.end });
  }
  noteRemark(state, line);
  return true;
}
