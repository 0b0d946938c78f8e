import { parseAddress } from "../net/address.js";
import type { IpCommand } from "./ipCommand.js";
import { parseLoosePrefix } from "./loosePrefix.js";
import { dsfieldOf, mainTable, protocolName, routeTypeOf, scopeName, tableOf } from "./names.js";
import { parseNumber } from "./number.js";
import type { RouteContext } from "./readRouteLine.js";
import type { TableRef } from "./rule.js";

/** The listing that a `show` command asks for. */
export interface Listing {
  /** `all` for `table all`, which names the table in each line. */
  readonly table: TableRef | "all";
  readonly filter?: string;
  readonly filtered: NonNullable<RouteContext["filtered"]>;
  /** Not a routing table at all: `table cache`. */
  readonly cache: boolean;
  /** An argument that `ip route show` does not have: the line is prose that begins like a command. */
  readonly unknown: boolean;
}

type Filtered = { -readonly [K in keyof Listing["filtered"]]: Listing["filtered"][K] };

/** What each filter of `ip route show` makes known of every line; the column itself is not printed then (ip/iproute.c: print_route). */
const filters: Readonly<Record<string, (filtered: Filtered, value: string) => void>> = {
  dev: (filtered, value) => {
    filtered.dev = value;
  },
  via: (filtered, value) => {
    const address = parseAddress(value);
    if (address) filtered.via = address;
  },
  src: (filtered, value) => {
    const address = parseAddress(value);
    if (address) filtered.src = address;
  },
  proto: (filtered, value) => {
    filtered.protocol = protocolName(value);
  },
  scope: (filtered, value) => {
    filtered.scope = scopeName(value);
  },
  metric: (filtered, value) => {
    filtered.metric = parseNumber(value) ?? 0;
  },
  tos: (filtered, value) => {
    filtered.tos = dsfieldOf(value) ?? parseNumber(value, 255) ?? 0;
  },
  type: (filtered, value) => {
    filtered.type = routeTypeOf(value) ?? "unicast";
  },
  root: () => {},
  match: () => {},
  exact: () => {},
  from: () => {},
  realms: () => {},
};

const synonyms: Readonly<Record<string, string>> = {
  oif: "dev",
  iif: "dev",
  protocol: "proto",
  priority: "metric",
  preference: "metric",
  dsfield: "tos",
  to: "exact",
};

/** Reads the arguments of `ip route show`. */
export function readListing({ words, args }: IpCommand): Listing {
  let table: Listing["table"] = mainTable;
  let cache = false;
  let unknown = false;
  const filter: string[] = [];
  const filtered: Filtered = {};
  for (let at = args; at < words.length; at++) {
    const keyword = words[at]?.text ?? "";
    const value = words[at + 1]?.text ?? "";
    const known = filters[synonyms[keyword] ?? keyword];
    if ("table".startsWith(keyword)) {
      at++;
      if (value === "cache") cache = true;
      else if (value === "all" || value === "0" || value === "unspec") table = "all";
      else table = tableOf(value) ?? {};
    } else if (keyword === "vrf") {
      at++;
      // Which table belongs to the VRF only `ip link` tells.
      table = {};
    } else if (known && value !== "") {
      at++;
      known(filtered, value);
      filter.push(`${keyword} ${value}`);
    } else {
      filter.push(keyword);
      if (keyword === "cached" || keyword === "cloned") cache = true;
      else unknown ||= keyword !== "default" && !parseLoosePrefix(keyword);
    }
  }
  return { table, cache, unknown, filtered, ...(filter.length > 0 ? { filter: filter.join(" ") } : {}) };
}
