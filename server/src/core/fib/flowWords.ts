import { formatAddress } from "../net/address.js";
import type { Flow } from "./flow.js";

/** IP protocols by the names `ip route get` takes (IANA's numbers). */
const protocolNames: ReadonlyMap<number, string> = new Map([
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [58, "ipv6-icmp"],
  [132, "sctp"],
]);

/**
 * A flow in the words of `ip route get`: destination first, and nothing that is unset. Open fields are left out; those are the ones the
 * answer branches on.
 */
export function flowWords(flow: Flow): string {
  const words = [formatAddress(flow.dst)];
  if (flow.src) words.push(`from ${formatAddress(flow.src)}`);
  if (flow.iif !== undefined && flow.iif !== "lo") words.push(`iif ${flow.iif}`);
  if (flow.oif) words.push(`oif ${flow.oif}`);
  if (flow.fwmark) words.push(`mark 0x${flow.fwmark.toString(16)}`);
  if (flow.tos) words.push(`tos 0x${flow.tos.toString(16)}`);
  if (flow.uid) words.push(`uid ${flow.uid}`);
  if (flow.ipproto !== undefined) words.push(`ipproto ${protocolNames.get(flow.ipproto) ?? flow.ipproto}`);
  if (flow.sport) words.push(`sport ${flow.sport}`);
  if (flow.dport) words.push(`dport ${flow.dport}`);
  return words.join(" ");
}
