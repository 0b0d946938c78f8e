/**
 * The made-up cluster of generated captures: nodes a, b, c with 192.0.2.10, .20, .30 and fd00:10::10 ..., their pods in 10.1.0.0/24, 10.2.0.0/24,
 * 10.3.0.0/24 and fd00:1::/64 ..., and the world in 198.51.100.0/24. Everything about an end follows from its address.
 */

const nodes = ["a", "b", "c"];

/** Number of the node a pod lives on, from 1; 0 for an address that is no pod's. */
function podNode(address: string): number {
  const found = /^10\.([123])\.0\.\d+$/.exec(address) ?? /^fd00:([123])::/.exec(address);
  return Number(found?.[1] ?? 0);
}

function lastPart(address: string): number {
  const part = address.split(/[.:]/).at(-1) ?? "0";
  return address.includes(":") ? Number.parseInt(part, 16) : Number(part);
}

/** Whether this is a pod of the node. */
export function isPodOf(address: string, node: string): boolean {
  return podNode(address) === nodes.indexOf(node) + 1;
}

/** Endpoint id of a pod. */
export function endpointId(address: string): number {
  return 70 + lastPart(address);
}

export function podDevice(address: string): string {
  return `lxc${(endpointId(address) * 65_537).toString(16).padStart(12, "0")}`;
}

/** The security identity of an address as a node sees it: pods from 1000 on; `host`, `remote-node`, `ingress`, `world`. */
export function identityOf(address: string, node: string): number {
  if (podNode(address) > 0) return lastPart(address) === 250 ? 8 : 1000 + podNode(address) * 100 + lastPart(address);
  const found = /^192\.0\.2\.([123])0$/.exec(address) ?? /^fd00:10::([123])0$/.exec(address);
  if (!found) return 2;
  return nodes[Number(found[1]) - 1] === node ? 1 : 6;
}

/** MAC address of a node's eth0, and of everything else. */
export function macOf(owner: string): string {
  return `02:00:00:00:00:${(nodes.indexOf(owner) + 16).toString(16)}`;
}
