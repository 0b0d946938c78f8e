import { dsfieldOf, ipProtocolOf } from "../iproute/names.js";
import { parseNumber } from "../iproute/number.js";
import { type Address, familyBits, parseAddress } from "../net/address.js";
import { parsePrefix } from "../net/prefix.js";
import type { RouteQuery } from "./routeQuery.js";

/** A question that can't be asked: which word, and why. */
export interface RouteGetProblem {
  readonly type: "problem";
  /** Index of the word that stopped the reader; the number of words where one is lacking. */
  readonly at: number;
  readonly message: string;
}

type Draft = { -readonly [K in keyof RouteQuery]?: RouteQuery[K] };

/** What a keyword's value must be, in words, and how it is read into the draft; false where the value is none. */
interface Keyword {
  readonly wants: string;
  readonly read: (draft: Draft, word: string) => boolean;
}

const device = (field: "iif" | "oif"): Keyword => ({
  wants: "a device",
  read: (draft, word) => {
    draft[field] = word;
    return true;
  },
});

const number = (field: "fwmark" | "uid" | "sport" | "dport" | "flowlabel", max: number): Keyword => ({
  wants: `a number up to ${max}`,
  read: (draft, word) => {
    const value = parseNumber(word, max);
    if (value !== undefined) draft[field] = value;
    return value !== undefined;
  },
});

const address = (field: "dst" | "from"): Keyword => ({
  wants: "an address",
  read: (draft, word) => {
    const value = parseHost(word);
    if (value) draft[field] = value;
    return value !== undefined;
  },
});

const tos: Keyword = {
  wants: "a tos byte",
  read: (draft, word) => {
    // Names as iproute2 knows them; its numbers are hexadecimal with or without 0x.
    const value = dsfieldOf(word) ?? (/^(?:0x)?[0-9a-f]{1,2}$/i.test(word) ? Number.parseInt(word, 16) : undefined);
    if (value !== undefined) draft.tos = value;
    return value !== undefined;
  },
};

const ipproto: Keyword = {
  wants: "a protocol",
  read: (draft, word) => {
    const value = ipProtocolOf(word);
    if (value !== undefined) draft.ipproto = value;
    return value !== undefined;
  },
};

const fwmark = number("fwmark", 0xffffffff);

const keywords: ReadonlyMap<string, Keyword> = new Map([
  ["to", address("dst")],
  ["from", address("from")],
  ["iif", device("iif")],
  ["oif", device("oif")],
  ["dev", device("oif")],
  ["vrf", device("oif")],
  ["mark", fwmark],
  ["fwmark", fwmark],
  ["tos", tos],
  ["dsfield", tos],
  ["uid", number("uid", 0xffffffff)],
  ["ipproto", ipproto],
  ["sport", number("sport", 0xffff)],
  ["dport", number("dport", 0xffff)],
  ["flowlabel", number("flowlabel", 0xfffff)],
]);

/** Words that change what is printed, not what is asked. */
const flags = new Set(["connected", "notify"]);

/**
 * Reads the words behind `ip route get` (iproute2, ip/iproute.c: iproute_get), e.g. `1.1.1.1 from 10.0.0.1 iif eth0 mark 0x200`.
 * Addresses may carry the length of a host.
 */
export function parseRouteGet(words: readonly string[]): RouteQuery | RouteGetProblem {
  const draft: Draft = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "fibmatch") {
      draft.fibmatch = true;
      continue;
    }
    if (flags.has(word)) continue;
    const keyword = keywords.get(word);
    if (!keyword) {
      if (draft.dst) return problem(at, `\`${word}\` is no word that \`ip route get\` knows.`);
      if (!address("dst").read(draft, word)) return problem(at, `\`${word}\` is no address.`);
      continue;
    }
    const value = words[++at];
    if (value === undefined) return problem(at, `\`${word}\` wants ${keyword.wants}.`);
    if (!keyword.read(draft, value))
      return problem(at, `\`${value}\` is not what \`${word}\` wants: ${keyword.wants}.`);
  }
  const { dst, from } = draft;
  if (!dst) return problem(words.length, "The destination is missing.");
  if (from && from.family !== dst.family) return problem(words.length, "The two addresses are not of one family.");
  return { ...draft, dst };
}

function problem(at: number, message: string): RouteGetProblem {
  return { type: "problem", at, message };
}

function parseHost(word: string): Address | undefined {
  const plain = parseAddress(word);
  if (plain) return plain;
  const prefix = parsePrefix(word);
  return prefix && prefix.length === familyBits(prefix.family)
    ? { family: prefix.family, value: prefix.value }
    : undefined;
}
