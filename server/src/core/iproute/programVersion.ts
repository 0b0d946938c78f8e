import type { Place } from "../text/span.js";
import type { RouteSection, RuleSection } from "./section.js";

/** Versions as `100 * major + minor`. */
const oldest = 310;

/** How many lines of a list are looked at; a program is consistent. */
const linesToLookAt = 1000;

/** How much of a line is looked at. */
const lineToLookAt = 1000;

/** What `ip rule` shows, with the version of iproute2 that shows it first (its history; verified by running each version). */
const introduced: Readonly<Record<string, number>> = {
  suppress_prefixlength: 312,
  suppress_ifgroup: 312,
  l3mdev: 408,
  uidrange: 410,
  ipproto: 417,
  sport: 417,
  dport: 417,
  tun_id: 420,
  dscp: 613,
  flowlabel: 614,
  "port mask": 615,
};

/** What BusyBox's `ip rule` leaves out of a rule (networking/libiproute/iprule.c, 1.35). */
const hiddenByBusybox = [
  "not",
  "oif",
  "uidrange",
  "ipproto",
  "sport",
  "dport",
  "tun_id",
  "dscp",
  "flowlabel",
  "port mask",
];

/** Peculiarities of a rule's line: the versions that print so are `from` (included) to `before` (excluded). */
const peculiarities: readonly { readonly pattern: RegExp; readonly from?: number; readonly before?: number }[] = [
  { pattern: / suppress_/, from: 312 },
  { pattern: /\[l3mdev-table\]/, from: 408 },
  { pattern: / uidrange /, from: 410 },
  { pattern: / (?:ipproto|sport|dport|proto) /, from: 417 },
  { pattern: / tun_id /, from: 420 },
  { pattern: / dscp /, from: 613 },
  { pattern: / flowlabel /, from: 614 },
  { pattern: / (?:sport|dport) 0x/, from: 615 },
  { pattern: / to [\d.:a-f]+ \/\d/, from: 417, before: 419 },
  { pattern: / goto \d+unresolved/, from: 417, before: 500 },
  { pattern: / {2}proto /, from: 417, before: 501 },
  { pattern: / fwmark 0x0(?:\/| |$)/, before: 420 },
  { pattern: / lookup \S+ \d+ ?$/, before: 501 },
  // A rule of a VRF, before `lookup [l3mdev-table]` was printed.
  { pattern: /\tfrom all $/, before: 408 },
];

/** Peculiarities of a rule of `ip -j`, which iproute2 has since 4.17 and BusyBox has not. */
const jsonPeculiarities: typeof peculiarities = [
  { pattern: /^\{/, from: 417 },
  { pattern: /"to_tbl"/, before: 500 },
  { pattern: /"tun_id"/, from: 420 },
  { pattern: /"dscp"/, from: 613 },
  { pattern: /"flowlabel"/, from: 614 },
  { pattern: /"(?:sport|dport|dscp)_mask"/, from: 615 },
  // Since 6.15 a single port comes with its mask, even a full one.
  { pattern: /"[sd]port":(?!.*"[sd]port_mask")/, before: 615 },
];

/** Only BusyBox prints the tos in decimal, a table `unspec`, or a negative table. */
const busybox = / tos [1-9]\d* | lookup unspec | lookup -\d/;

/** BusyBox cannot print these. */
const notBusybox =
  /\tnot |\[detached\]|\[l3mdev-table\]| goto | nop$| tos 0x| oif | uidrange | ipproto | proto | dscp /;

/** A rule that any program prints so, with no peculiarity: most are, in a list of thousands. */
const usual = /^\d+:[\t ]from (?:all|[\d.:a-f/]+)(?: to [\d.:a-f/]+)? lookup (?!unspec)\w+$/;

function versionText(version: number): string {
  return `${Math.floor(version / 100)}.${version % 100}`;
}

/** What a rule or route of a text dump has on its line, remarks and blanks included; of a JSON dump, its object. */
function printedText(text: string, { start, end: close }: Place): string {
  if (text[start] === "{") return text.slice(start, Math.min(close, start + lineToLookAt));
  const head = text.slice(start, start + lineToLookAt);
  const end = head.search(/\r?\n|\r|\\n/);
  return end < 0 ? head : head.slice(0, end);
}

/**
 * Tells from the peculiarities of a rule list which program printed it, and so which selectors it cannot show. Every
 * look-up line of iproute2 before 5.1 ends in a blank. A list without any peculiarity stays `unknown`, with nothing hidden.
 *
 * @param section the list; `text` the text it was read from.
 */
export function recogniseRuleProgram(
  section: Pick<RuleSection, "rules" | "printedBy" | "filter" | "command">,
  text: string,
): Pick<RuleSection, "printedBy" | "hidden" | "version"> {
  const rules = section.rules.slice(0, linesToLookAt);
  const lines = rules.map((rule) => printedText(text, rule.place));
  const peculiar = lines.filter((line) => !usual.test(line));
  if (section.printedBy === "busybox" || peculiar.some((line) => busybox.test(line))) {
    return { printedBy: "busybox", hidden: hiddenByBusybox };
  }
  let low = section.command && section.filter !== undefined ? 409 : oldest;
  let high = Number.POSITIVE_INFINITY;
  for (const { pattern, from, before } of lines[0]?.startsWith("{") ? jsonPeculiarities : peculiarities) {
    if (!peculiar.some((line) => pattern.test(line))) continue;
    low = Math.max(low, from ?? low);
    high = Math.min(high, before ?? high);
  }
  const lookups = lines.filter((_, index) => rules[index]?.action.type === "lookup");
  if (lookups.length > 1 && lookups.slice(0, -1).every((line) => /\S $/.test(line))) high = Math.min(high, 501);
  // Two programs' lists in one paste contradict each other; then nothing is known.
  if (low >= high) return { printedBy: section.printedBy, hidden: [] };
  const proven = low > oldest || peculiar.some((line) => notBusybox.test(line));
  const old = high < Number.POSITIVE_INFINITY;
  return {
    printedBy: proven ? "iproute2" : section.printedBy,
    hidden: old ? Object.keys(introduced).filter((selector) => (introduced[selector] ?? 0) > low) : [],
    ...(low > oldest || old
      ? {
          version: {
            ...(low > oldest ? { atLeast: versionText(low) } : {}),
            ...(old ? { before: versionText(high) } : {}),
          },
        }
      : {}),
  };
}

/** What BusyBox's `ip route` leaves out (1.35): a multipath route prints as its bare destination. */
const routeHiddenByBusybox = ["tos", "nexthop", "via inet6", "linkdown", "pref", "encap"];

const routeIntroduced: Readonly<Record<string, number>> = { linkdown: 402, "via inet6": 402, pref: 402, encap: 404 };

/**
 * Tells from the blanks of a route list which program printed it. iproute2 before 4.8 puts two blanks before `proto`,
 * `scope`, `src` and `metric`; BusyBox before `src` and `metric` alone, and never prints `proto`.
 */
export function recogniseRouteProgram(
  section: Pick<RouteSection, "routes" | "printedBy">,
  text: string,
): Pick<RouteSection, "printedBy" | "hidden"> {
  if (section.printedBy === "net-tools") return { printedBy: "net-tools" };
  const lines = section.routes.slice(0, linesToLookAt).map((route) => printedText(text, route.place));
  if (lines[0]?.startsWith("{")) return { printedBy: "iproute2" };
  const shows = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  const busyboxBlanks =
    shows(/\S scope \S+ {2}src /) || (shows(/\S {2}(?:src|metric) /) && !shows(/ {2}(?:proto|scope) /));
  if (section.printedBy === "busybox" || (busyboxBlanks && !shows(/ (?:proto|linkdown|pref) /))) {
    return { printedBy: "busybox", hidden: routeHiddenByBusybox };
  }
  if (!shows(/\S {2}(?:proto|scope|src|metric) /)) {
    return { printedBy: shows(/ proto | pref | linkdown/) ? "iproute2" : section.printedBy };
  }
  const atLeast = shows(/linkdown|via inet6| pref /) ? 402 : oldest;
  const hidden = Object.keys(routeIntroduced).filter((column) => (routeIntroduced[column] ?? 0) > atLeast);
  return { printedBy: "iproute2", hidden };
}
