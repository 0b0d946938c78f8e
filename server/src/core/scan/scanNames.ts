import { unknownPoint } from "../capture/eventColumns.js";
import type { Names } from "../capture/names.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { splitReason } from "../monitor/jsonEvent.js";
import { parseAddress } from "../net/address.js";
import { type ByteNames, byteNames } from "./byteNames.js";

/** The tables by which a scanner turns the names in a line into numbers; each asks `names` once for each different one. */
export interface ScanNames {
  readonly texts: ByteNames;
  /** Refuses what is no IPv4 address. */
  readonly addresses4: ByteNames;
  /** Refuses what is no IPv6 address. */
  readonly addresses6: ByteNames;
  /** Types of ICMPv4 messages that have an id and a sequence (RFC 792); refuses others, of which gopacket prints what they do not have. */
  readonly echoTypes: ByteNames;
  /** To the code of an observation point. */
  readonly points: ByteNames;
  /** To the name of a drop reason without its extended error. */
  readonly dropReasons: ByteNames;
}

export function scanNames(names: Names): ScanNames {
  const addressOf = (family: 4 | 6) => (text: string) => {
    const address = parseAddress(text);
    return address?.family === family ? names.internAddress(address) : -1;
  };
  return {
    texts: byteNames((text) => names.intern(text)),
    addresses4: byteNames(addressOf(4)),
    addresses6: byteNames(addressOf(6)),
    echoTypes: byteNames((text) => (/^(?:Echo|Timestamp)/.test(text) ? names.intern(text) : -1)),
    points: byteNames((text) => findObservationPoint(text)?.code ?? unknownPoint),
    dropReasons: byteNames((text) => names.intern(splitReason(text).reason)),
  };
}
