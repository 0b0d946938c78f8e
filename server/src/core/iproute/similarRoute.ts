import { laidOut } from "./laidOut.js";
import { fitsFrame, frameOf, type LineFrame } from "./lineFrame.js";
import { prefixAt } from "./prefixAt.js";
import type { Nexthop, Route } from "./route.js";
import { isPlainName } from "./word.js";

/**
 * A line that was read once, as the template of others. Tables of a hundred thousand routes lead to few places, or all in the same way to
 * devices of their own: their lines differ by the destination, or by that and the device, and share whatever is not their own.
 */
interface RouteTemplate {
  readonly route: Route;
  /** How many characters stand behind the route on its line: blanks, which are no part of it. */
  readonly behind: number;
  /** Its way, where that of others differs by the device. */
  readonly hop?: Nexthop;
}

/** A template of lines that differ by the device as well. */
interface FramedTemplate extends RouteTemplate {
  readonly frame: LineFrame;
  readonly hop: Nexthop;
}

export interface RouteTemplates {
  /** By what their lines have behind the destination. */
  readonly alike: Map<string, RouteTemplate>;
  /** The one that fitted last is first. */
  readonly framed: FramedTemplate[];
}

/** Longest text of a destination: an IPv6 address with a dotted part, and its length. */
const longestPrefix = 50;

/** Longest line that is compared. */
const longestLine = 400;

/** Ways that are kept of one listing, and how many of them for what their devices are: those of a device each are as many as routes. */
const mostAlike = 4096;
const mostDevices = 256;
const mostFrames = 8;

export function noRouteTemplates(): RouteTemplates {
  return { alike: new Map(), framed: [] };
}

/**
 * Remembers the route of a line as a template. Only a whole and plain route can be one: nothing stands before it or, but for blanks, behind
 * it, and it has at most one nexthop, of the line itself.
 */
export function rememberRoute({ alike, framed }: RouteTemplates, line: string, route: Route): void {
  const blank = line.indexOf(" ");
  if (blank < 0 || line.length > longestLine) return;
  if (route.type !== "unicast" || route.dst.length === 0 || route.nexthops.length > 1) return;
  if (route.rest || route.incomplete) return;
  const template = { route: laidOut(route), behind: line.length - (route.place.end - route.place.start) };
  if (alike.size < mostAlike) alike.set(line.slice(blank), template);
  const [hop] = route.nexthops;
  const dev = hop?.dev;
  const keyword = line.indexOf(" dev ", blank);
  if (!hop || dev === undefined || keyword < 0 || framed.length >= mostFrames || !isPlainName(dev)) return;
  const start = keyword + " dev ".length;
  const end = start + dev.length;
  if (line.slice(start, end) !== dev || !/^[ -[\]-~]*$/.test(line)) return;
  const gaps = [
    { start: 0, end: blank },
    { start, end },
  ];
  framed.unshift({ ...template, frame: frameOf(line, gaps), hop });
}

/** The route in the line of `text` from `start` to `end`, if it is like one that was read before. */
export function similarRoute(
  { alike, framed }: RouteTemplates,
  file: string,
  text: string,
  start: number,
  end: number,
): Route | undefined {
  const blank = text.indexOf(" ", start);
  if (blank < 0 || blank > start + longestPrefix || blank >= end || end - start > longestLine) return undefined;
  const tail = text.slice(blank, end);
  const template = alike.get(tail) ?? framedTemplate(framed, text, start, blank, end);
  const dst = template && prefixAt(text, start, blank);
  if (!template || dst?.family !== template.route.family) return undefined;
  const { route, behind, hop } = template;
  const place = { file, start, end: end - behind };
  if (!hop) return { ...route, dst, place };
  const dev = text.slice(found[2], found[3]);
  if (!isPlainName(dev)) return undefined;
  const nexthops = [{ ...hop, dev }];
  if (alike.size < mostDevices) alike.set(tail, { route: { ...route, nexthops }, behind });
  return { ...route, dst, nexthops, place };
}

/** Where the words of the line at hand stand; written anew for each line. */
const found: number[] = [];

function framedTemplate(
  framed: FramedTemplate[],
  text: string,
  start: number,
  blank: number,
  end: number,
): FramedTemplate | undefined {
  for (let at = 0; at < framed.length; at++) {
    const template = framed[at] as FramedTemplate;
    if (!fitsFrame(template.frame, text, start, blank, end, found)) continue;
    if (at > 0) framed.unshift(...framed.splice(at, 1));
    return template;
  }
  return undefined;
}
