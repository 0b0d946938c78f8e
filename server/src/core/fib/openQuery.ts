import type { Fib } from "./compileFib.js";
import type { Decision } from "./decision.js";
import type { Flow } from "./flow.js";
import { lookup } from "./lookup.js";
import { queryFlow, type RouteQuery } from "./routeQuery.js";

/** Fields of a flow that a question may leave open, by the words of `ip route get`. */
const openable: ReadonlyMap<string, keyof Flow> = new Map([
  ["mark", "fwmark"],
  ["fwmark", "fwmark"],
  ["iif", "iif"],
  ["tos", "tos"],
  ["dsfield", "tos"],
  ["uid", "uid"],
  ["ipproto", "ipproto"],
  ["sport", "sport"],
  ["dport", "dport"],
  ["flowlabel", "flowlabel"],
]);

/** The word that leaves a field open: `mark unknown`. `ip route get` has no such word, for a packet in hand has all its fields. */
const unknown = "unknown";

/** Splits the words of a question into those that ask, and the fields they leave open. */
export function takeOpenFields(words: readonly string[]): {
  readonly words: string[];
  readonly open: readonly (keyof Flow)[];
} {
  const asked: string[] = [];
  const open: (keyof Flow)[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const field = openable.get(word);
    if (field !== undefined && words[at + 1] === unknown) {
      open.push(field);
      at++;
    } else asked.push(word);
  }
  return { words: asked, open };
}

/** The look-up of a question with open fields: it branches where a rule compares one of them. */
export function lookupOpen(fib: Fib, query: RouteQuery, open: readonly (keyof Flow)[]): Decision {
  const unset = Object.fromEntries(open.map((field) => [field, undefined]));
  return lookup(fib, { ...queryFlow(query), ...unset });
}
