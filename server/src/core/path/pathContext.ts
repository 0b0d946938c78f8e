import type { Endpoint } from "../capture/columns/endpoints.js";
import type { Packet } from "../capture/packet.js";
import type { Address } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { CaptureKnowledge } from "./captureKnowledge.js";
import type { FactEvidence, NodeFacts } from "./datapathFacts.js";
import type { NeighbourRequests } from "./neighbourRequests.js";
import type { Witness } from "./witness.js";

/** What events that are of no packet of Cilium's tell about packets. */
export interface Witnesses {
  /** What pwru shows of a packet, or of all packets of its flow. */
  readonly kernel: (packet: Packet) => Witness | undefined;
  /** What the socket load balancer did for sockets with the packet's destination. */
  readonly socket: (packet: Packet) => Witness | undefined;
  /** The debug event that shows the packet handed on behind its last event. */
  readonly delivery: (packet: Packet) => Witness | undefined;
  readonly neighbours: NeighbourRequests;
}

/**
 * What walking a packet asks of its node: the dumps, merged, and questions to the captures. They are functions, so that a small capture
 * answers them from maps (`buildPathContext`) and one of a gigabyte by decoding what is asked for.
 */
export interface PathContext {
  readonly state: NodeState;
  readonly facts: NodeFacts;
  /** Why the facts are taken to be so. */
  readonly evidence: readonly FactEvidence[];
  /** One for each capture file of the node. */
  readonly captures: readonly CaptureKnowledge[];
  /** All packets of a packet's conversation, itself among them, in order of first appearance. */
  readonly conversationOf: (packet: Packet) => readonly Packet[];
  /** Packets of any capture of this node whose last event delivers them to this endpoint. */
  readonly deliveredTo: (endpoint: Endpoint) => Iterable<Packet>;
  /**
   * The endpoint with this address, if the capture `file` shows it to live where it was taken. A folder may hold captures of two nodes,
   * and an endpoint of the one is a remote pod to the other.
   */
  readonly endpointAt: (file: string, address: Address) => Endpoint | undefined;
  /** The endpoint of this id, likewise. */
  readonly endpointWithId: (file: string, id: number) => Endpoint | undefined;
  /** The device that receives on this MAC address. */
  readonly deviceWithMac: (mac: string) => string | undefined;
  readonly witnesses: Witnesses;
}
