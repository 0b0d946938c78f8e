import { type Address, familyBits, formatAddress, sameAddress } from "../net/address.js";
import { reservedTables } from "../state/nodeState.js";
import type { Fib } from "./compileFib.js";
import type { Assumption } from "./decision.js";
import { localFlow } from "./flow.js";
import { noPremises } from "./openField.js";
import { askTable } from "./ruleStep.js";
import { beginWalk } from "./walkState.js";

/** Whether an address is one of the node's own. Without proof it is not, on the assumption that goes with the answer. */
export interface Ownership {
  readonly own: boolean;
  /** The device that has the address, where it is own and the device is known. */
  readonly dev?: string;
  readonly assumption?: Assumption;
}

/**
 * Looks for the interface of an address as the kernel does: among the interfaces' addresses, then in table local, which also makes
 * addresses inside of `local` prefixes own ones (net/ipv4/devinet.c: __ip_dev_find). Rules have no say.
 */
export function ownAddress(fib: Fib, address: Address): Ownership {
  for (const link of fib.state.links.values()) {
    if (link.addresses.some((assigned) => sameAddress(assigned.address, address))) return { own: true, dev: link.name };
  }
  const local = fib.tables.get(reservedTables.local);
  // While local and main are one trie, a longer prefix of main hides a `local` one here, too.
  const asked = fib.merged ?? local;
  const answer = asked && askTable(beginWalk(fib, localFlow({ dst: address, tos: 0 }), noPremises, undefined), asked);
  if (answer?.type === "found" && answer.route.type === "local") {
    const dev = answer.route.nexthops[0]?.dev;
    return dev === undefined ? { own: true } : { own: true, dev };
  }
  if (local?.table.origin === "dumped" || local?.table.exact) return { own: false };
  const text = `${formatAddress(address)} is not one of the node's own addresses`;
  return { own: false, assumption: { text, command: "ip addr show" } };
}

/** Whether an address is assigned to an interface, not only inside of a `local` prefix. */
export function isAssigned(fib: Fib, address: Address): boolean {
  const { links } = fib.state;
  if ([...links.values()].some((link) => link.addresses.some((assigned) => sameAddress(assigned.address, address))))
    return true;
  const local = fib.tables.get(reservedTables.local)?.table.routes ?? [];
  return local.some(
    ({ type, dst }) => type === "local" && dst.length === familyBits(dst.family) && sameAddress(dst, address),
  );
}

/** Whether a device has an address of the family; undefined where that was not dumped. */
export function hasOwnAddress(fib: Fib, device: string): boolean | undefined {
  const link = fib.state.links.get(device);
  if (link?.addresses.some(({ address }) => address.family === fib.family)) return true;
  const local = fib.tables.get(reservedTables.local)?.table;
  if (local?.routes.some(({ type, nexthops }) => type === "local" && nexthops[0]?.dev === device)) return true;
  return local?.origin === "dumped" || local?.exact ? false : undefined;
}
