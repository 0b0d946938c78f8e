/** A security identity that has one meaning everywhere. */
export interface ReservedIdentity {
  readonly id: number;
  /** As monitor text prints it. */
  readonly name: string;
  readonly meaning: string;
  /** The first Cilium version known to have it. */
  readonly since?: string;
}

/** pkg/identity/numericidentity.go and reserved.go, Cilium 1.19.4. */
export const reservedIdentities: readonly ReservedIdentity[] = [
  { id: 0, name: "unknown", meaning: "not looked up at this point of the path, or the address is not in the ipcache" },
  { id: 1, name: "host", meaning: "this node itself: any of its addresses and its host-network pods" },
  { id: 2, name: "world", meaning: "any address outside the cluster" },
  { id: 3, name: "unmanaged", meaning: "a pod that Cilium does not manage" },
  { id: 4, name: "health", meaning: "the cilium-health endpoint" },
  { id: 5, name: "init", meaning: "an endpoint whose labels are not known yet" },
  { id: 6, name: "remote-node", meaning: "another node of the cluster or the mesh", since: "1.7" },
  { id: 7, name: "kube-apiserver", meaning: "a backend of the kube-apiserver", since: "1.11" },
  { id: 8, name: "ingress", meaning: "the source address of Cilium's Ingress and Gateway proxies", since: "1.12" },
  { id: 9, name: "world-ipv4", meaning: "any IPv4 address outside a dual-stack cluster", since: "1.15" },
  { id: 10, name: "world-ipv6", meaning: "any IPv6 address outside a dual-stack cluster", since: "1.15" },
  { id: 11, name: "encrypted-overlay", meaning: "overlay traffic that IPsec encrypts before it leaves", since: "1.16" },
];

/** Identities with fixed labels, so that they work without a key-value store (numericidentity.go, Cilium 1.19.4). */
const wellKnown: readonly string[] = [
  "etcd-operator",
  "cilium-kvstore",
  "kube-dns",
  "kube-dns on EKS",
  "CoreDNS",
  "cilium-operator",
  "CoreDNS on EKS",
  "cilium-etcd-operator",
];
const firstWellKnown = 100;
const firstUserReserved = 128;
const firstAllocated = 256;
const lastClusterLocal = 0xffff;
const scopeSize = 2 ** 24;

/** What kind of number an identity is. */
export type IdentityScope =
  | "reserved"
  | "well-known"
  | "user-reserved"
  | "cluster"
  | "clustermesh"
  | "cidr"
  | "remote-node"
  | "unassigned";

export interface IdentityDescription {
  readonly id: number;
  /** The name monitor text would print; absent where it prints the number. */
  readonly name?: string;
  readonly scope: IdentityScope;
  /** A noun phrase. */
  readonly meaning: string;
  /** The number means something on this node only, and must not be compared with another node's. */
  readonly nodeLocal: boolean;
}

/** The name of a reserved identity. */
export function identityName(id: number): string | undefined {
  return reservedIdentities[id]?.name;
}

/** The number behind a reserved identity's name or behind digits; `undefined` for other words. */
export function parseIdentity(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return reservedIdentities.find(({ name }) => name === text)?.id;
}

/** What is known of a security identity from its number alone (a u32; pkg/identity/numericidentity.go, Cilium 1.19.4). */
export function describeIdentity(id: number): IdentityDescription {
  const reserved = reservedIdentities[id];
  if (reserved) return { id, name: reserved.name, scope: "reserved", meaning: reserved.meaning, nodeLocal: false };
  const { scope, meaning } = describeNumber(id);
  return { id, scope, meaning, nodeLocal: scope === "cidr" || scope === "remote-node" };
}

function describeNumber(id: number): { scope: IdentityScope; meaning: string } {
  const component = wellKnown[(id - firstWellKnown) % wellKnown.length];
  if (id >= firstWellKnown && id < firstWellKnown + 2 * wellKnown.length && component) {
    return { scope: "well-known", meaning: `the well-known identity of ${component}` };
  }
  if (id < firstUserReserved) return { scope: "unassigned", meaning: "a reserved number without a known meaning" };
  if (id < firstAllocated)
    return { scope: "user-reserved", meaning: "an identity the cluster's operator fixed to a set of labels" };
  if (id <= lastClusterLocal) return { scope: "cluster", meaning: "a set of pod labels in this cluster" };
  if (id < scopeSize) {
    // The shift is 16 with up to 255 clusters in the mesh and 15 with up to 511; the number does not tell which.
    return {
      scope: "clustermesh",
      meaning: `a set of pod labels in cluster ${id >>> 16} of the mesh (with the default of at most 255 clusters)`,
    };
  }
  if (id < 2 * scopeSize) return { scope: "cidr", meaning: "a CIDR or a DNS name, numbered by this node" };
  if (id < 3 * scopeSize)
    return { scope: "remote-node", meaning: "another node told apart by its labels, numbered by this node" };
  return {
    scope: "unassigned",
    meaning: "a number outside the known scopes, perhaps foreign bits of the packet's fwmark",
  };
}
