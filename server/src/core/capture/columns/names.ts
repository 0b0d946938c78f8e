import { type Address, formatAddress, parseAddress } from "../../net/address.js";

/**
 * Texts as numbers, so that columns can hold and compare them. Index 0 is the empty text; then come `fixedNames`, at the same index in
 * every table. One table serves all captures of a case, so that an address is the same number in each.
 */
export interface Names {
  /** Number of texts; indexes are below it. */
  readonly size: number;
  /** The index of a text; the same for the same text. */
  intern(text: string): number;
  /** The index of an address: that of its canonical notation (`formatAddress`). */
  internAddress(address: Address): number;
  /** The text at an index; empty for an index that was never given. */
  text(index: number): string;
  /** The address at an index, if the text there is one. */
  address(index: number): Address | undefined;
}

/** Texts whose index code relies on: those of trace reasons and ICMP messages that tell a request from a reply. */
const fixedNames = ["", "new", "established", "reply", "related", "unknown", "EchoRequest", "EchoReply"] as const;

/** The index of a fixed name in every `Names`. */
export function fixedName(text: (typeof fixedNames)[number]): number {
  return fixedNames.indexOf(text);
}

/** A table that holds the fixed names only. */
export function createNames(): Names {
  const texts: string[] = [...fixedNames];
  const indexes = new Map<string, number>(texts.map((text, index) => [text, index]));
  // IPv4 by number and IPv6 by bigint: formatting an address costs more than all else of a row.
  const byValue = new Map<number | bigint, number>();
  const addresses: (Address | undefined)[] = [];

  function intern(text: string): number {
    const known = indexes.get(text);
    if (known !== undefined) return known;
    indexes.set(text, texts.length);
    return texts.push(text) - 1;
  }

  return {
    get size() {
      return texts.length;
    },
    intern,
    internAddress(address) {
      const value = address.family === 4 ? Number(address.value) : address.value;
      const known = byValue.get(value);
      if (known !== undefined) return known;
      const index = intern(formatAddress(address));
      byValue.set(value, index);
      addresses[index] = address;
      return index;
    },
    text: (index) => texts[index] ?? "",
    address: (index) => (addresses[index] ??= parseAddress(texts[index] ?? "")),
  };
}
