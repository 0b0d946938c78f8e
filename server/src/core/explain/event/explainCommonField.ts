import { describeIdentity } from "../../cilium/identities.js";
import type { CaptureEvent, DropEvent, TraceEvent } from "../../monitor/event.js";
import type { FieldExplanation } from "./explainEventField.js";

type DatapathEvent = TraceEvent | DropEvent | CaptureEvent;

const sources = ["pkg/monitor/datapath_trace.go and datapath_drop.go, Cilium 1.19"];

/** The fields that trace, drop and capture have in common. */
export function explainCommonField(event: DatapathEvent, key: string): FieldExplanation | undefined {
  switch (key) {
    case "mark":
      return explainFlowHash(event.flowHash);
    case "source":
      return explainReporter(event.source);
    case "bytes":
      return {
        sentences: [
          `The packet was ${event.bytes} bytes long. (Of these, 128 are captured by default, so layers may be cut.)`,
        ],
        sources,
      };
    default:
      return undefined;
  }
}

/** `mark` of JSON, `flow` or `MARK` of text. */
export function explainFlowHash(flowHash: number): FieldExplanation {
  const none =
    "No flow hash was computed for this packet, which is usual for ICMP, tunnels, XDP and the host's programs.";
  return {
    sentences: [
      "This is the packet's flow hash (skb->hash), not its fwmark: ip rules and iptables marks have nothing to do with it.",
      flowHash === 0
        ? none
        : "Packets of one flow have the same hash, in one direction and at one stretch of the path; after NAT or encapsulation it differs.",
    ],
    notes: ["The fwmark is not printed in monitor output."],
    sources: ["pkg/monitor/datapath_trace.go (n.Hash), Cilium 1.0 to 1.19", "cilium/cilium issue 12523"],
  };
}

/** `source` of JSON, `FROM` of text. */
export function explainReporter(endpoint: number): FieldExplanation {
  const sentences =
    endpoint === 0
      ? ["No endpoint: the event comes from a program that belongs to none, such as the tunnel's."]
      : [
          `Endpoint ${endpoint} is the one whose BPF program reported the event, which need not be the sender of the packet: at to-endpoint it is the receiver.`,
        ];
  return {
    sentences,
    notes: ["Endpoint ids are numbers of this node only; the node itself has one, the host endpoint, as well."],
    sources: ["bpf/lib/common.h (EVENT_SOURCE), Cilium 1.19"],
  };
}

/** `srcLabel` and `dstLabel`. */
export function explainIdentity(
  id: number,
  end: "source" | "destination",
  observationPoint?: string,
): FieldExplanation {
  const identity = describeIdentity(id);
  const name = identity.name ? `${id} (${identity.name})` : String(id);
  const notes: string[] = [];
  if (identity.nodeLocal)
    notes.push("The number holds on this node only and must not be compared with another node's.");
  if (id === 0 && end === "destination" && observationPoint?.startsWith("from-")) {
    notes.push("That is normal here: the destination is looked up later in the program.");
  }
  if (id === 2) {
    notes.push(
      "For the address of a pod or node, world means that its identity was lost: by NAT, a changed fwmark, or an ipcache that is not up to date.",
    );
  }
  return {
    sentences: [`The security identity of the packet's ${end} as known at this point is ${name}: ${identity.meaning}.`],
    notes,
    sources: ["pkg/identity/numericidentity.go, Cilium 1.19.4"],
  };
}
