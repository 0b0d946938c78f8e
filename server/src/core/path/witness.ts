import type { ErrorReport } from "../capture/packet.js";
import type { CaptureEvent, KernelEvent, PacketEvent, SocketEvent } from "../monitor/event.js";
import type { Address } from "../net/address.js";

/** What other events than its own tell of a packet at a place of its walk. */
export type Witness =
  /** An ICMP error about it. */
  | { readonly type: "icmp-error"; readonly report: ErrorReport }
  /** pwru saw the kernel's functions handle it. */
  | {
      readonly type: "kernel";
      /** The function that tells most: the one that drops it, else the last one. */
      readonly event: KernelEvent;
      /** Its first function. */
      readonly first: KernelEvent;
      /** How many packets of the flow pwru saw. */
      readonly seen: number;
      /** Whether it is this very packet: pwru saw one of the flow, and the captures show one. */
      readonly isOnly: boolean;
    }
  /** The socket load balancer translates an address to this one's destination. */
  | {
      readonly type: "socket";
      readonly from: SocketEvent;
      readonly to: SocketEvent;
      /** How many sockets were seen to be translated so, and from how many addresses. */
      readonly sockets: number;
      readonly services: number;
    }
  /** A debug event shows a program about to hand it on. */
  | { readonly type: "delivery"; readonly event: CaptureEvent }
  /** Somebody asked by ARP who has an address; the packet's next hop, or what the packet itself asks for. */
  | {
      readonly type: "neighbour";
      readonly address: Address;
      readonly asked: PacketEvent;
      readonly requests: number;
      readonly answer?: PacketEvent;
    };
