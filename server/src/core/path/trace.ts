import type { JoinedEvent, Packet } from "../capture/packet.js";
import type { Decision } from "../fib/decision.js";
import type { FactName } from "./datapathFacts.js";
import type { DatapathPlaceId } from "./datapathPlaces.js";
import type { Way } from "./ways.js";
import type { Witness } from "./witness.js";

/** One thing that happened to the packet at a hop. */
export type Step =
  /** An event shows the packet here. */
  | { readonly type: "observed"; readonly joined: JoinedEvent }
  /** Netfilter or a BPF program rewrote an address between this place and the one before; seen by comparing the headers. */
  | { readonly type: "translated"; readonly end: "src" | "dst"; readonly from: string; readonly to: string }
  /** The kernel looked up where to send it. `decision` is what our look-up of the node's dumps answers. */
  | { readonly type: "routed"; readonly decision: Decision }
  /** What the dumps answer is not what the events show next: they are of another moment than the capture. */
  | { readonly type: "contradicted"; readonly decision: Decision }
  /** What the look-up should have come to for the packet to arrive: the route that leads to `device`. */
  | { readonly type: "route-expected"; readonly decision: Decision; readonly device: string }
  /** A drop event shows the packet here. */
  | { readonly type: "dropped"; readonly joined: JoinedEvent }
  /** Another event than the packet's own tells something of it here. */
  | { readonly type: "witnessed"; readonly witness: Witness };

/** A place the packet passed (or should have passed), after Batfish's `Hop`. */
export interface Hop {
  readonly place: DatapathPlaceId;
  /** Device name, where the place is a device and its name is known. */
  readonly device?: string;
  /** Endpoint id, where the place belongs to an endpoint. */
  readonly endpoint?: number;
  /** The node it is on, where the walk crosses nodes. */
  readonly node?: string;
  readonly steps: readonly Step[];
}

/** How the walk ended, after Batfish's `FlowDisposition`. */
export type Disposition =
  /** Handed to the pod, proxy or host process it was for. */
  | { readonly type: "delivered" }
  /**
   * Sent out of the node; what the wire does with it no file of this node tells. `transit`: it came from outside
   * (`shown`), or may have (`possible`), and that it was not for a pod of this node is not shown.
   */
  | { readonly type: "sent"; readonly transit?: "shown" | "possible" }
  | { readonly type: "dropped"; readonly reason: string }
  /** Left by a device that does not lead to its destination. */
  | { readonly type: "wrong-device"; readonly device?: string; readonly expectedDevice?: string }
  /** Answered by Cilium's program in the place of whom it was for (`node`), or sent back by the device it came in by. */
  | { readonly type: "returned"; readonly by: "node" | "device"; readonly device?: string }
  /** The same places saw it again and again, with a TTL that falls. */
  | { readonly type: "looping"; readonly ttl: { readonly from: number; readonly to: number } }
  /** The last event hands it to the kernel, its next event can't have been hidden or lost, and it is not seen again. */
  | { readonly type: "lost-in-kernel" }
  /** Handed to the proxy, and neither the proxy nor its answer was seen. */
  | { readonly type: "lost-at-proxy" }
  | { readonly type: "insufficient-information"; readonly missing: string };

/** A packet's way over several nodes, or through one of them more than once. */
export interface Journey {
  /** Those of all nodes in order; each names its node, but for the wire between two. */
  readonly hops: readonly Hop[];
  /** How it ended, on the last node that saw it. */
  readonly disposition: Disposition;
  /** The last node that saw it. */
  readonly node?: string;
  readonly expected?: readonly Hop[];
  readonly parting?: number;
}

/** A packet's walk through the node: what happened, what should have, and where they part. */
export interface Trace {
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly disposition: Disposition;
  /** The normal way for such a packet; `undefined` where nothing is known to compare with. */
  readonly expected: readonly Hop[] | undefined;
  /** Index (the same in `hops` and `expected`) of the first hop that differs: up to there both walked the same way. */
  readonly parting: number | undefined;
  /** The normal ways, where what is known of the set-up leaves several; `expected` has the places that all of them pass. */
  readonly expectedWays?: readonly Way[];
  /** The facts that would tell which. */
  readonly openFacts?: readonly FactName[];
  /** A packet of another capture that walked the expected way, as a witness. */
  readonly witness?: Packet;
  /** The whole way, where other captures of the case saw the packet too. */
  readonly across?: Journey;
}
