import type { Family } from "../net/address.js";
import { everything, type Prefix } from "../net/prefix.js";
import type { Problem } from "../text/span.js";
import { type Line, marksLength, placeIn, spanIn } from "./line.js";
import { parseLoosePrefix } from "./loosePrefix.js";
import { mainTable, routeTypeOf } from "./names.js";
import type { Nexthop, Route } from "./route.js";
import { emptyRouteDraft, type NexthopDraft, type RouteDraft, routeKeywords } from "./routeKeywords.js";
import type { TableRef } from "./rule.js";
import { beginsRemark, isRedacted, splitWords, type Word } from "./word.js";

/** What the surroundings of a route line say about it. */
export interface RouteContext {
  /** The list's family, for lines that show none (`default dev eth0`). */
  readonly family: Family;
  /** The table of lines that name none. */
  readonly table: TableRef;
  /** Columns that the command's filter made `ip` leave out, e.g. the device of `ip route show dev eth0`. */
  readonly filtered?: Readonly<
    Partial<Pick<Route, "protocol" | "scope" | "src" | "metric" | "tos" | "type"> & Pick<Nexthop, "via" | "dev">>
  >;
}

/** A route read from a line, or why it could not be read. */
export type RouteReading =
  | {
      readonly route: Route;
      /** Nothing stands behind the destination: its nexthops follow, or it is no route at all but a lone address. */
      readonly bare: boolean;
      /** The answer of `ip route get`, not an entry of a table. */
      readonly answer: boolean;
      /** Whether what stands behind the route is somebody's remark. */
      readonly remark: boolean;
    }
  | { readonly problem: Problem };

/** The words that prove that a line which begins with an address is a route. */
const proof = new Set([
  "via",
  "dev",
  "nhid",
  "encap",
  "proto",
  "scope",
  "table",
  "metric",
  "from",
  "tos",
  "src",
  "nexthop",
]);

/** Whether a word was meant as an address or prefix: dots between numbers, or more than one colon. */
function looksLikeAddress(word: string): boolean {
  return (
    /^\d{1,4}(?:\.\d{1,4}){1,4}(?:\/\w*)?$/.test(word) ||
    /^[0-9a-fA-F]*:[0-9a-fA-F.:]*:[0-9a-fA-F.:]*(?:\/\w*)?$/.test(word)
  );
}

function readDestination(word: string): Prefix | "default" | undefined {
  return word === "default" ? word : parseLoosePrefix(word);
}

/** Reads the words behind the destination into a draft; answers the first word that is not part of a route, or that stops it. */
export function readRouteWords(
  draft: RouteDraft,
  words: readonly Word[],
  from: number,
): { readonly at: number; readonly stop?: Word } {
  let at = from;
  while (at < words.length) {
    const word = words[at];
    const keyword = word && routeKeywords.get(word.text);
    if (!word || !keyword) break;
    const value = words[at + 1];
    const redacted = keyword.hasValue && value !== undefined && isRedacted(value.text);
    const used = redacted ? 2 : keyword.read(draft, words, at);
    if (redacted) draft.incomplete = true;
    if (used === 0) return { at, stop: value ?? word };
    at += used;
  }
  return { at };
}

function familyOf(draft: RouteDraft, dst: Prefix | "default", context: RouteContext): Family {
  if (dst !== "default") return dst.family;
  if (draft.from) return draft.from.family;
  if (draft.src) return draft.src.family;
  if (draft.pref || draft.attributes.some((text) => text.startsWith("expires ") || text.startsWith("error "))) return 6;
  return draft.gatewayFamily ?? context.family;
}

function leadsSomewhere(hop: Nexthop): boolean {
  return hop.via !== undefined || hop.dev !== undefined || hop.encap !== undefined;
}

/** Completes a nexthop by the gateway and device that the command's filter kept out of the line. */
function completedHop(hop: NexthopDraft, { via, dev }: NonNullable<RouteContext["filtered"]>): Nexthop {
  const gateway = hop.via ?? via;
  const device = hop.dev ?? dev;
  return { ...hop, ...(gateway ? { via: gateway } : {}), ...(device === undefined ? {} : { dev: device }) };
}

/** The route of a finished draft. Defaults that only `ip -d` prints (`proto boot`, `scope global`) are left out, as everywhere else. */
export function routeOfDraft(
  draft: RouteDraft,
  family: Family,
  dst: Prefix,
  context: RouteContext,
  place: Route["place"],
): Route {
  const { filtered } = context;
  const hops = filtered ? draft.hops.map((hop) => completedHop(hop, filtered)) : draft.hops;
  const type = draft.type === "unicast" ? (filtered?.type ?? draft.type) : draft.type;
  const nexthops = hops.filter(leadsSomewhere);
  const table = draft.table ?? context.table;
  const route: { -readonly [K in keyof Route]: Route[K] } = { family, type, dst, nexthops, table, place };
  const { from, nhid, pref } = draft;
  const tos = draft.tos ?? filtered?.tos;
  const protocol = draft.protocol ?? filtered?.protocol;
  const scope = draft.scope ?? filtered?.scope;
  const src = draft.src ?? filtered?.src;
  const metric = draft.metric ?? filtered?.metric;
  if (from) route.from = from;
  if (tos) route.tos = tos;
  if (protocol !== undefined && protocol !== "boot") route.protocol = protocol;
  if (scope !== undefined && scope !== "global") route.scope = scope;
  if (src) route.src = src;
  if (metric !== undefined) route.metric = metric;
  if (nhid !== undefined) route.nhid = nhid;
  if (pref) route.pref = pref;
  // Flags of a route that leads nowhere, a blackhole in hardware, are the route's own.
  const flags = nexthops.length === 0 ? draft.hop.flags : [];
  if (flags.length + draft.attributes.length > 0) route.attributes = [...flags, ...draft.attributes];
  if (draft.incomplete) route.incomplete = true;
  return route;
}

function stopped(line: Line, word: Word, message: string): { readonly problem: Problem } {
  return { problem: { place: placeIn(line, word.start, word.end), message } };
}

/**
 * Reads a route as any `ip route` prints it (iproute2 3.10 to 7.1, BusyBox; with its nexthops in the same line under `-o`),
 * and with a remark behind it. Answers `undefined` if the line does not look like a route.
 */
export function readRouteLine(
  line: Line,
  context: RouteContext = { family: 4, table: mainTable },
): RouteReading | undefined {
  const words = splitWords(line.text, marksLength(line.text));
  const draft = emptyRouteDraft();
  let at = 0;
  const type = words.length > 1 ? routeTypeOf(words[0]?.text ?? "") : undefined;
  if (type) {
    draft.type = type;
    at = 1;
  }
  const destination = words[at];
  if (!destination) return undefined;
  const dst = readDestination(destination.text);
  const next = words[at + 1];
  const proven = next !== undefined && proof.has(next.text);
  if (!dst) {
    if (!proven || !(looksLikeAddress(destination.text) || isRedacted(destination.text))) return undefined;
    const message = isRedacted(destination.text)
      ? "The destination is blotted out, so the route cannot be used."
      : `\`${destination.text}\` is no address or prefix.`;
    return stopped(line, destination, message);
  }
  if (dst === "default" && !type && next && !proven) return undefined;
  if (next && !proven && !routeKeywords.has(next.text) && !beginsRemark(next.text)) return undefined;
  const { at: end, stop } = readRouteWords(draft, words, at + 1);
  if (stop) {
    const keyword = words[end]?.text ?? "";
    if (!type && end === at + 1 && dst === "default" && !/\d/.test(stop.text)) return undefined;
    return stopped(
      line,
      stop,
      stop === words[end]
        ? `The route breaks off behind \`${keyword}\`.`
        : `\`${stop.text}\` is no value that \`${keyword}\` can have in a route.`,
    );
  }
  const rest = words[end];
  const remark = rest !== undefined && beginsRemark(rest.text);
  if (rest && !remark) draft.incomplete = true;
  const family = familyOf(draft, dst, context);
  const first = words[0] ?? destination;
  const last = words[end - 1] ?? destination;
  const place = placeIn(line, first.start, last.end);
  const route = routeOfDraft(draft, family, dst === "default" ? everything(family) : dst, context, place);
  const answer = draft.attributes.some((text) => text.startsWith("uid ")) || isAnyHost(draft.from);
  return {
    route: rest ? { ...route, rest: spanIn(line, rest.start, words.at(-1)?.end ?? rest.end) } : route,
    bare: end === at + 1 && !type,
    answer,
    remark,
  };
}

/** `from ::` without a length is printed by `ip route get` alone. */
function isAnyHost(from: Prefix | undefined): boolean {
  return from?.family === 6 && from.value === 0n && from.length === 128;
}

/** A `nexthop` line of a multipath route: its nexthops (one, but for damaged pastes) and what it says of the whole route. */
export type NexthopReading =
  | {
      readonly nexthops: readonly Nexthop[];
      readonly pref?: Route["pref"];
      readonly incomplete: boolean;
      readonly end: number;
    }
  | { readonly problem: Problem };

/** Reads a line that begins with `nexthop`, or answers `undefined`. */
export function readNexthopLine(line: Line): NexthopReading | undefined {
  const words = splitWords(line.text, marksLength(line.text));
  const first = words[0];
  if (!first?.text.startsWith("nexthop")) return undefined;
  const draft = emptyRouteDraft();
  const { at, stop } = readRouteWords(draft, words, 0);
  if (at === 0 && !stop) return undefined;
  if (stop) return stopped(line, stop, `\`${stop.text}\` cannot stand here in a nexthop.`);
  const rest = words[at];
  const end = spanIn(line, first.start, words[at - 1]?.end ?? first.end).end;
  return {
    nexthops: draft.hops.filter(leadsSomewhere),
    // iproute2 4.17 to 5.4 print the route's preference behind its last nexthop.
    pref: draft.pref,
    incomplete: draft.incomplete || (rest !== undefined && !beginsRemark(rest.text)),
    end,
  };
}
