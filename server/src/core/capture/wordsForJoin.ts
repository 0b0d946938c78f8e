import { formatAddress } from "../net/address.js";
import { type EventColumns, rowFlags } from "./columns/eventColumns.js";
import type { Names } from "./columns/names.js";
import { wordsForContentKey } from "./joining/contentKey.js";
import type { JoinStrength } from "./packet.js";

/**
 * What a row was joined to its packet by, for the user: `IP id 900, ICMP id 5 seq 1`. For the first row of a packet, what later ones can be
 * joined by; empty where there is nothing.
 */
export function wordsForJoin(columns: EventColumns, row: number, join: JoinStrength, names: Names): string {
  const { flags, rare, flowHash } = columns;
  const { ipTraceId, origIp } = rare.get(row) ?? {};
  switch (join) {
    case "trace-id":
      return `IP trace id ${ipTraceId}`;
    case "first":
      return ipTraceId === undefined ? wordsForContentKey(columns, row, names) : `IP trace id ${ipTraceId}`;
    case "contents":
    case "sequence":
      return wordsForContentKey(columns, row, names);
    case "orig-ip": {
      const address = origIp === undefined ? undefined : names.address(origIp);
      return `orig-ip ${address ? formatAddress(address) : "unknown"}`;
    }
    case "flow-hash":
      return `flow hash 0x${(flowHash[row] ?? 0).toString(16)} and addresses`;
    case "translation":
      return "addresses and the translation of another packet of its conversation";
    case "addresses":
      return (flags[row] ?? 0) & rowFlags.hasPorts ? "addresses and ports" : "addresses and message type";
    case "enclosed":
      return "addresses, and the events right before and after it on its CPU";
  }
}
