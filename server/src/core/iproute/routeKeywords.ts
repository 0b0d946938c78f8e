import { type Address, type Family, parseAddress } from "../net/address.js";
import { type Prefix, parsePrefix } from "../net/prefix.js";
import { dsfieldOf, protocolName, scopeName, tableOf } from "./names.js";
import { parseNumber } from "./number.js";
import { encapLength } from "./readEncap.js";
import type { Route, RouteType } from "./route.js";
import type { TableRef } from "./rule.js";
import { isRedacted, type Word } from "./word.js";

/** A nexthop in the making. */
export interface NexthopDraft {
  via?: Address;
  dev?: string;
  weight?: number;
  flags: string[];
  encap?: string;
}

/** A route in the making. */
export interface RouteDraft {
  type: RouteType;
  dst?: Prefix;
  from?: Prefix;
  tos?: number;
  /** The nexthop that the words describe at present: the route's own, or the last `nexthop`. */
  hop: NexthopDraft;
  hops: NexthopDraft[];
  table?: TableRef;
  protocol?: string;
  scope?: string;
  src?: Address;
  metric?: number;
  nhid?: number;
  pref?: NonNullable<Route["pref"]>;
  /** The route's own family, as its gateways tell: `via inet6 fe80::1` stands in an IPv4 route. */
  gatewayFamily?: Family;
  attributes: string[];
  incomplete: boolean;
}

/** A draft without any word read. */
export function emptyRouteDraft(): RouteDraft {
  const hop = { flags: [] };
  return { type: "unicast", hop, hops: [hop], attributes: [], incomplete: false };
}

export interface RouteKeyword {
  readonly hasValue: boolean;
  /** The number of words read, the keyword included, or 0 if the value cannot be read. */
  readonly read: (draft: RouteDraft, words: readonly Word[], at: number) => number;
}

/** A keyword with one word behind it, which `keep` stores or refuses (`false`). */
function single(keep: (draft: RouteDraft, word: string) => boolean): RouteKeyword {
  return {
    hasValue: true,
    read: (draft, words, at) => {
      const word = words[at + 1];
      return word && keep(draft, word.text) ? 2 : 0;
    },
  };
}

function number(field: "metric" | "nhid"): RouteKeyword {
  return single((draft, word) => {
    const parsed = parseNumber(word);
    if (parsed === undefined) return false;
    draft[field] = parsed;
    return true;
  });
}

const families = new Set(["inet", "inet6", "link", "mpls", "bridge"]);

const via: RouteKeyword = {
  hasValue: true,
  read(draft, words, at) {
    const first = words[at + 1]?.text ?? "";
    const cross = families.has(first);
    const word = cross ? words[at + 2]?.text : first;
    const address = word === undefined ? undefined : parseAddress(word);
    if (!address) {
      if (word === undefined || !(isRedacted(word) || (cross && first !== "inet" && first !== "inet6"))) return 0;
      draft.incomplete = true;
    } else {
      draft.hop.via = address;
      draft.gatewayFamily = cross ? (address.family === 4 ? 6 : 4) : address.family;
    }
    return cross ? 3 : 2;
  },
};

const encap: RouteKeyword = {
  hasValue: true,
  read(draft, words, at) {
    const length = encapLength(words, at + 1);
    if (words[at + 1] === undefined) return 0;
    draft.hop.encap = joinWords(words, at + 1, at + 1 + length);
    return 1 + length;
  },
};

/** Printed words of an attribute as one text, single blanks between them. */
export function joinWords(words: readonly Word[], from: number, to: number): string {
  return words
    .slice(from, to)
    .map((word) => word.text)
    .join(" ");
}

/** A nexthop begins; the first one of a route without a gateway or device of its own takes the route's place. */
export function beginNexthop(draft: RouteDraft): void {
  const { hop } = draft;
  if (
    hop.via ||
    hop.dev !== undefined ||
    hop.encap !== undefined ||
    draft.hops.length > 1 ||
    hop.weight !== undefined
  ) {
    draft.hop = { flags: [] };
    draft.hops.push(draft.hop);
  }
}

const nexthop: RouteKeyword = {
  hasValue: false,
  read(draft) {
    beginNexthop(draft);
    return 1;
  },
};

/** iproute2 4.2 and 4.3 print `nexthopvia inet6 ...`. */
const nexthopVia: RouteKeyword = {
  hasValue: true,
  read(draft, words, at) {
    beginNexthop(draft);
    return via.read(draft, words, at);
  },
};

const flag: RouteKeyword = {
  hasValue: false,
  read(draft, words, at) {
    draft.hop.flags.push(words[at]?.text ?? "");
    return 1;
  },
};

/** An attribute that the look-up does not ask for: kept as printed, with its value and a `lock` before it. */
const attribute: RouteKeyword = {
  hasValue: true,
  read(draft, words, at) {
    const length = words[at + 1]?.text === "lock" ? 3 : 2;
    if (words.length < at + length) return 0;
    draft.attributes.push(joinWords(words, at, at + length));
    return length;
  },
};

const mplsTarget: RouteKeyword = {
  hasValue: true,
  read(draft, words, at) {
    if (words[at + 1]?.text !== "to" || words[at + 2] === undefined) return 0;
    draft.attributes.push(joinWords(words, at, at + 3));
    return 3;
  },
};

const tos = single((draft, word) => {
  const bits = dsfieldOf(word) ?? parseNumber(word, 0xff);
  if (bits === undefined) return false;
  draft.tos = bits;
  return true;
});

const table = single((draft, word) => {
  const named = tableOf(word);
  if (!named) return false;
  draft.table = named;
  return true;
});

const protocol = single((draft, word) => {
  draft.protocol = protocolName(word);
  return true;
});

const from = single((draft, word) => {
  const prefix = word === "default" ? undefined : parsePrefix(word);
  if (!prefix) return word === "default" || word === "all";
  draft.from = prefix;
  return true;
});

const scope = single((draft, word) => {
  draft.scope = scopeName(word);
  return true;
});

const src = single((draft, word) => {
  const address = parseAddress(word);
  if (!address) return false;
  draft.src = address;
  return true;
});

const dev = single((draft, word) => {
  draft.hop.dev = word;
  return true;
});

const weight = single((draft, word) => {
  const parsed = parseNumber(word, 65536);
  if (parsed === undefined) return false;
  draft.hop.weight = parsed;
  return true;
});

const preference = single((draft, word) => {
  if (word !== "low" && word !== "medium" && word !== "high") return false;
  draft.pref = word;
  return true;
});

/** Flags behind a nexthop (iproute2 ip/iproute.c: print_rt_flags). */
const flags = [
  "dead",
  "onlink",
  "pervasive",
  "offload",
  "trap",
  "notify",
  "linkdown",
  "unresolved",
  "rt_offload",
  "rt_trap",
  "rt_offload_failed",
];

const attributes = [
  "mtu",
  "window",
  "rtt",
  "rttvar",
  "ssthresh",
  "cwnd",
  "advmss",
  "reordering",
  "hoplimit",
  "initcwnd",
  "features",
  "rto_min",
  "initrwnd",
  "quickack",
  "congctl",
  "fastopen_no_cookie",
  "expires",
  "error",
  "users",
  "used",
  "age",
  "uid",
  "mark",
  "realm",
  "realms",
  "iif",
  "ttl-propogate",
  "ttl-propagate",
];

/** What may follow the destination of a printed route (iproute2 ip/iproute.c: print_route). */
export const routeKeywords: ReadonlyMap<string, RouteKeyword> = new Map<string, RouteKeyword>([
  ["from", from],
  ["tos", tos],
  ["dsfield", tos],
  ["via", via],
  ["dev", dev],
  ["weight", weight],
  ["nexthop", nexthop],
  ["nexthopvia", nexthopVia],
  ["encap", encap],
  ["table", table],
  ["proto", protocol],
  ["protocol", protocol],
  ["scope", scope],
  ["src", src],
  ["metric", number("metric")],
  ["nhid", number("nhid")],
  ["pref", preference],
  ["as", mplsTarget],
  ...flags.map((word): [string, RouteKeyword] => [word, flag]),
  ...attributes.map((word): [string, RouteKeyword] => [word, attribute]),
]);
