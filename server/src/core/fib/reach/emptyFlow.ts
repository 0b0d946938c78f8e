import type { Address, Family } from "../../net/address.js";
import type { Flow } from "../flow.js";

/** A TCP packet of the node itself with nothing particular about it. */
export function emptyFlow(family: Family): Flow {
  const dst: Address = { family, value: 0n };
  return {
    family,
    dst,
    src: null,
    iif: "lo",
    oif: null,
    fwmark: 0,
    tos: 0,
    flowlabel: 0,
    uid: 0,
    ipproto: 6,
    sport: 0,
    dport: 0,
    tunId: 0n,
  };
}
