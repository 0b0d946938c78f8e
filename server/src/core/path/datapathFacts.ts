import type { Place } from "../text/span.js";

/** How packets between nodes are encrypted. From 1.18 on, IPsec encrypts at the native device instead of behind `to-stack`. */
export type Encryption = "none" | "wireguard" | "ipsec" | "ipsec-at-device";

/** How a node's datapath is set up. A fact that is not known is absent. */
export interface NodeFacts {
  /** Whether Cilium forwards by the kernel's routing (`legacy`) or past it (`bpf`: BPF host routing). */
  readonly hostRouting?: "legacy" | "bpf";
  /** Whether every endpoint has a route to its own device (`--enable-endpoint-routes`). */
  readonly endpointRoutes?: boolean;
  /** Whether packets between nodes travel in a tunnel. */
  readonly tunnel?: boolean;
  readonly encryption?: Encryption;
  /** Whether BPF serves NodePorts and load balancers (kube-proxy replacement). */
  readonly nodePort?: boolean;
  readonly hostFirewall?: boolean;
  /** Whether a gateway policy leads packets out by another node, or they go to a VXLAN device outside the cluster (VTEP). */
  readonly egressGateway?: boolean;
}

/** What a packet's final destination is, seen from this node. */
export type PacketDestination = "local-pod" | "elsewhere" | "host" | "proxy";

/** What must hold for a packet to take a transition. A fact that is not known admits it. */
export interface DatapathFacts extends NodeFacts {
  readonly destination?: PacketDestination;
}

export type FactName = keyof DatapathFacts;

/** The values that each fact can have. */
export const factValues = {
  hostRouting: ["legacy", "bpf"],
  endpointRoutes: [false, true],
  tunnel: [false, true],
  encryption: ["none", "wireguard", "ipsec", "ipsec-at-device"],
  nodePort: [false, true],
  hostFirewall: [false, true],
  egressGateway: [false, true],
  destination: ["local-pod", "elsewhere", "host", "proxy"],
} as const satisfies { readonly [Name in FactName]-?: readonly (DatapathFacts[Name] & {})[] };

/** Sides of a node's set-up that change addresses and no places. */
export interface TranslationFacts {
  /** Who translates the sources of packets that leave the cluster. */
  readonly masquerade?: "bpf" | "netfilter" | "none";
  /** How a NodePort request reaches a backend of another node: from this node's address, or from the client's (`dsr`). */
  readonly nodePortMode?: "snat" | "dsr" | "hybrid";
}

/** All that can be known of a node's set-up. */
export interface SetUp extends NodeFacts, TranslationFacts {}

export type SetUpName = keyof SetUp;

/** Why a fact is taken to be so. */
export interface FactEvidence {
  readonly fact: SetUpName;
  /** `undefined` where it stays open: two pieces of evidence contradict each other, or it is only known that it is so or so. */
  readonly value: SetUp[SetUpName];
  /** Sentences. */
  readonly statement: string;
  /** The line that shows it; absent where it is the lack of something in the whole capture. */
  readonly place?: Place;
}
