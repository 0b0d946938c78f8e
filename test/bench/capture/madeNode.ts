/**
 * The node of the made captures: pods behind cilium_host, masquerade to the address of eth0, and one rule too many, which sends the answers of
 * some peers back out of the node. Addresses are of private and documentation ranges.
 */
export const nodeAddress = "192.0.2.11";
export const pods = 240;
export const peers = 4000;
/** Peers whose answers the rule of table 100 takes away. */
export const peersAstray = 120;

/** The address of the pod with this number, from 0. */
export function podAddress(pod: number): string {
  return `10.244.1.${pod + 10}`;
}

/** The address of the outside host with this number, from 0; those below `peersAstray` lie in 198.51.100.0/25. */
export function peerAddress(peer: number): string {
  return peer < peersAstray ? `198.51.100.${peer + 1}` : `203.0.${113 + (peer >> 8)}.${peer & 255}`;
}

/** What `ip rule` and `ip route` print on that node. */
export const nodeDump = `$ ip rule show
9: from all fwmark 0x200/0xf00 lookup 2004
10: from all fwmark 0xa00/0xf00 lookup 2005
100: from all lookup local
32760: from 198.51.100.0/25 lookup 100
32766: from all lookup main
32767: from all lookup default
$ ip route show
default via 192.0.2.1 dev eth0 proto static metric 100
192.0.2.0/24 dev eth0 proto kernel scope link src ${nodeAddress} metric 100
10.244.0.0/24 via 10.244.1.1 dev cilium_host src 10.244.1.1 mtu 1450
10.244.1.0/24 via 10.244.1.1 dev cilium_host src 10.244.1.1
10.244.1.1 dev cilium_host scope link
$ ip route show table 100
default via 192.0.2.1 dev eth0
`;
