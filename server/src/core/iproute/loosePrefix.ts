import { type Prefix, parsePrefix } from "../net/prefix.js";

/**
 * Reads a prefix as people type it and as `ip` prints an address that the kernel left out: `10/8`, `192.168/16`, `0/0`, beside
 * the full notation. Trailing parts are zero (iproute2 lib/utils.c: get_addr_ipv4). A lone `10.1` is refused: no program
 * prints it, and a version number looks the same.
 */
export function parseLoosePrefix(word: string): Prefix | undefined {
  const short = /^(\d{1,3}(?:\.\d{1,3}){0,2})(\/\d{1,2})$/.exec(word);
  if (!short) return parsePrefix(word);
  const parts = (short[1] ?? "").split(".");
  return parsePrefix([...parts, "0", "0", "0"].slice(0, 4).join(".") + (short[2] ?? ""));
}
