import { parseAddress } from "../net/address.js";
import { everything, type Prefix, parsePrefix } from "../net/prefix.js";
import { type Line, marksLength, placeIn } from "./line.js";
import { localTable, mainTable } from "./names.js";
import type { Route } from "./route.js";
import { extendSection, noteRemark, openSection, type TranscriptState } from "./transcriptState.js";
import { splitWords, type Word } from "./word.js";

/** What `route` and `netstat -r` cannot show of a route (net-tools lib/inet_gr.c: they print what /proc/net/route has). */
const hidden = ["tos", "src", "scope", "proto", "type", "nexthop"];

/** Takes the header of `route -n` or `netstat -rn`: the rows below have their values in its order. */
export function takeRouteTableHeader(state: TranscriptState, line: Line): boolean {
  const words = splitWords(line.text, marksLength(line.text)).map((word) => word.text);
  if (words[0] !== "Destination") return false;
  const family = words[1] === "Next" ? 6 : words[1] === "Gateway" ? 4 : undefined;
  if (!family) return false;
  // `Next Hop` is one column.
  state.columns = words.filter((word) => word !== "Hop");
  openSection(state, {
    kind: "routes",
    place: placeIn(line, 0, line.text.trimEnd().length),
    printedBy: "net-tools",
    family,
    table: mainTable,
    routes: [],
    cut: false,
    tableMissing: false,
    hidden,
  });
  noteRemark(state, line);
  return true;
}

/** The number of leading ones of a netmask; `undefined` if it has holes. */
function maskLength(mask: string): number | undefined {
  const address = parseAddress(mask);
  if (address?.family !== 4) return undefined;
  const bits = address.value.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

function destination4(word: string, mask: string): Prefix | undefined {
  const length = maskLength(mask);
  if (word === "default" && length === 0) return everything(4);
  if (word === "link-local" && length === 16) return parsePrefix("169.254.0.0/16");
  const address = parseAddress(word);
  return address?.family === 4 && length !== undefined ? { ...address, length } : undefined;
}

/** net-tools prints the IPv4-mapped `::ffff:0.0.0.0/96` without its beginning. */
function destination6(word: string): Prefix | undefined {
  return parsePrefix(/^[\d.]+\/(?:9[6-9]|1[0-2]\d)$/.test(word) ? `::ffff:${word}` : word);
}

/** Values of a row by the header's names; the last column of a header may be absent. */
function cells(columns: readonly string[], words: readonly Word[]): ReadonlyMap<string, Word> {
  return new Map(columns.flatMap((column, index): [string, Word][] => (words[index] ? [[column, words[index]]] : [])));
}

function isUnset(gateway: string): boolean {
  return gateway === "0.0.0.0" || gateway === "::" || gateway === "*" || gateway === "-" || gateway === "[::]";
}

/**
 * Takes a row of the table. Flags (route(8)): U up, G gateway, H host, `!` reject. For IPv6 the kernel lists all tables in
 * one (net/ipv6/ip6_fib.c: ipv6_route_seq_ops): addresses of the host itself are from the table local, the others from
 * main or from a table that is not told.
 */
export function takeRouteTableRow(state: TranscriptState, line: Line): boolean {
  const section = state.open;
  if (section?.kind !== "routes" || section.printedBy !== "net-tools") return false;
  const words = splitWords(line.text, marksLength(line.text));
  const row = cells(state.columns, words);
  const cell = (...names: string[]) => names.map((name) => row.get(name)).find((word) => word !== undefined);
  const target = cell("Destination");
  const gateway = cell("Gateway", "Next");
  const flags = cell("Flags", "Flag");
  const dev = cell("Iface", "If");
  if (!target || !gateway || !flags || !dev || !/^[A-Za-z!]+$/.test(flags.text)) return false;
  const { family } = section;
  const mask = cell("Genmask")?.text ?? "";
  const dst = family === 4 ? destination4(target.text, mask) : destination6(target.text);
  const place = placeIn(line, target.start, dev.end);
  if (!dst) {
    const message = `\`${target.text}\` is no address. \`route -n\` prints addresses in place of names.`;
    state.problems.push({ place: placeIn(line, target.start, target.end), message });
    section.cut = true;
    return true;
  }
  const metric = Number(cell("Metric", "Met")?.text ?? Number.NaN);
  // The IPv6 entry that stands for "no route".
  if (family === 6 && flags.text.startsWith("!") && dst.length === 0 && metric < 0) {
    noteRemark(state, line);
    return true;
  }
  const via = isUnset(gateway.text) ? undefined : parseAddress(gateway.text);
  const rejects = flags.text.includes("!");
  const nowhere = dev.text === "*" || dev.text === "-";
  const own = family === 6 && dst.length === 128 && dev.text === "lo";
  const multicast = family === 6 && target.text.startsWith("ff");
  const type: Route["type"] = rejects
    ? "unreachable"
    : nowhere
      ? "blackhole"
      : own
        ? "local"
        : multicast
          ? "multicast"
          : "unicast";
  const uncertain = nowhere || (family === 6 && !own) || (!via && !isUnset(gateway.text));
  section.routes.push({
    family,
    type,
    dst,
    nexthops: nowhere ? [] : [{ ...(via ? { via } : {}), dev: dev.text, flags: [] }],
    table: own || multicast ? localTable : mainTable,
    ...(Number.isNaN(metric) ? {} : { metric }),
    place,
    // `*` hides whether the kernel answers with blackhole, throw or prohibit; a name hides the gateway.
    ...(uncertain ? { incomplete: true } : {}),
  });
  extendSection(section, place.end);
  return true;
}
