import type { JoinedEvent, Packet } from "../capture/packet.js";
import type { Decision } from "../fib/decision.js";
import type { DatapathPlaceId } from "./datapathGraph.js";

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
  | { readonly type: "dropped"; readonly joined: JoinedEvent };

/** A place the packet passed (or should have passed), after Batfish's `Hop`. */
export interface Hop {
  readonly place: DatapathPlaceId;
  /** Device name, where the place is a device and its name is known. */
  readonly device?: string;
  /** Endpoint id, where the place belongs to an endpoint. */
  readonly endpoint?: number;
  readonly steps: readonly Step[];
}

/** How the walk ended, after Batfish's `FlowDisposition`. */
export type Disposition =
  /** Handed to the pod, proxy or host process it was for. */
  | { readonly type: "delivered" }
  /** Sent by the device it should leave by. What the wire does with it no file of this node tells. */
  | { readonly type: "sent" }
  | { readonly type: "dropped"; readonly reason: string }
  /** Left by a device that does not lead to its destination. */
  | { readonly type: "wrong-device"; readonly device?: string; readonly expectedDevice?: string }
  | { readonly type: "looping" }
  /** The last event hands it to the kernel, the capture is whole, and it is not seen again. */
  | { readonly type: "lost-in-kernel" }
  | { readonly type: "insufficient-information"; readonly missing: string };

/** A packet's walk through the node: what happened, what should have, and where they part. */
export interface Trace {
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly disposition: Disposition;
  /** The normal way for such a packet; `undefined` where nothing is known to compare with. */
  readonly expected: readonly Hop[] | undefined;
  /** Index (the same in `hops` and `expected`) of the first hop that differs: up to there both walked the same way. */
  readonly parting: number | undefined;
  /** A packet of another capture that walked the expected way, as a witness. */
  readonly witness?: Packet;
}
