import { unknownPoint } from "../capture/columns/eventColumns.js";
import type { Names } from "../capture/columns/names.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { splitReason } from "../monitor/splitReason.js";
import { parseAddress } from "../net/address.js";

/** The number of a name in a line; a negative one for what is not as usual. The numbers of kinds are those of server/src/scanner/assembly/names.ts. */
export type ResolveName = (kind: number, start: number, end: number) => number;

/** What stands in a string of JSON for itself. */
const plain = /^[ !#-[\]-~]*$/;

/** A value of gopacket's text without brackets, in letters, digits and some marks. */
const word = /^[\w.:|+*/,-]+$/;

/** Types of ICMPv4 messages that have an id and a sequence (RFC 792); for others gopacket prints an id and a sequence that they do not have. */
const numberedType = /^(?:Echo|Timestamp)/;

function addressNumber(names: Names, text: string, family: 4 | 6): number {
  const address = word.test(text) ? parseAddress(text) : undefined;
  return address?.family === family ? names.internAddress(address) : -1;
}

/**
 * Tells the numbers of names that the compiled scanner meets for the first time.
 *
 * @returns the number of the name that stands in the bytes; negative for what is not as usual
 */
export function nameResolver(names: Names): (kind: number, bytes: Uint8Array) => number {
  const ofText = (text: string) => (plain.test(text) ? names.intern(text) : -1);
  const ofWord = (text: string) => (word.test(text) ? names.intern(text) : -1);
  const kinds: readonly ((text: string) => number)[] = [
    // The device, of which 0 says that there is none.
    (text) => (text === "0" ? names.intern("") : ofText(text)),
    // The trace reason.
    ofText,
    // The observation point.
    (text) => (plain.test(text) ? (findObservationPoint(text)?.code ?? unknownPoint) : -1),
    // The drop reason.
    (text) => (plain.test(text) ? names.intern(splitReason(text).reason) : -1),
    // A MAC address.
    ofWord,
    (text) => addressNumber(names, text, 4),
    (text) => addressNumber(names, text, 6),
    // The type of an ICMPv4 message.
    (text) => (numberedType.test(text) ? ofWord(text) : -1),
    // The type of an ICMPv6 message.
    ofWord,
  ];
  return (kind, bytes) => kinds[kind]?.(String.fromCharCode(...bytes)) ?? -1;
}
