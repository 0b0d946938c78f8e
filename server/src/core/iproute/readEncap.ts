import type { Word } from "./word.js";

/**
 * Words that have a value inside each encapsulation (iproute2 ip/iproute_lwtunnel.c). Some of them (`src`, `tos`, `table`) are
 * words of a route as well, so a route's reader must know where the encapsulation ends.
 */
const keywords: Readonly<Record<string, ReadonlySet<string>>> = {
  ip: new Set(["id", "src", "dst", "ttl", "tos", "geneve_opts", "vxlan_opts", "erspan_opts"]),
  ip6: new Set(["id", "src", "dst", "hoplimit", "tc", "geneve_opts", "vxlan_opts", "erspan_opts"]),
  mpls: new Set(["ttl"]),
  seg6: new Set(["mode", "segs", "hmac", "tunsrc"]),
  seg6local: new Set([
    "action",
    "table",
    "vrftable",
    "nh4",
    "nh6",
    "iif",
    "oif",
    "srh",
    "segs",
    "hmac",
    "endpoint",
    "flavors",
    "lblen",
    "nflen",
  ]),
  bpf: new Set(["in", "out", "xmit", "headroom"]),
  xfrm: new Set(["if_id", "link_dev"]),
  ila: new Set(["csum-mode", "ident-type", "hook-type"]),
  rpl: new Set(["segs"]),
  ioam6: new Set(["freq", "mode", "tunsrc", "tundst", "type", "ns", "size"]),
};

/** Words of an encapsulation that stand alone. */
const flags = new Set(["key", "csum", "seq", "trace", "prealloc", "count", "packets", "bytes", "errors"]);

/**
 * The number of words that belong to the encapsulation whose type stands at `at`: the type, its keywords with their values,
 * and lists in brackets.
 */
export function encapLength(words: readonly Word[], at: number): number {
  const type = words[at]?.text ?? "";
  const known = keywords[type];
  let end = at + 1;
  if (!known) return 1;
  // MPLS labels and an ILA locator stand behind the type without a keyword.
  if (type === "mpls" || type === "ila") end++;
  const seen = new Set<string>();
  while (end < words.length) {
    const word = words[end]?.text ?? "";
    // `tos` after `encap ip ... tos 0` is the route's own.
    if (seen.has(word)) break;
    if (known.has(word)) seen.add(word);
    if (word === "[") {
      while (end < words.length && words[end]?.text !== "]") end++;
      end++;
    } else if (known.has(word)) end += words[end + 1]?.text === "[" ? 1 : 2;
    else if (flags.has(word)) end++;
    else break;
  }
  return Math.min(end, words.length) - at;
}
