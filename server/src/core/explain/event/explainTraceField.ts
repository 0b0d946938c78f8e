import { describeDevice } from "../../cilium/devices.js";
import {
  findObservationPoint,
  observationPointSource,
  retiredObservationPoints,
} from "../../cilium/observationPoints.js";
import { encryptedReasonBit, findTraceReason, isNewMeaningless, traceReasonSource } from "../../cilium/traceReasons.js";
import type { TraceEvent } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import { explainCommonField, explainIdentity } from "./explainCommonField.js";
import type { EventContext, EventField, FieldExplanation } from "./explainEventField.js";

/** The fields of trace messages (TraceNotifyVerbose, pkg/monitor/datapath_trace.go). */
export function explainTraceField(
  event: TraceEvent,
  field: EventField,
  context: EventContext,
): FieldExplanation | undefined {
  const key = String(field.path[0]);
  switch (key) {
    case "observationPoint":
      return explainObservationPoint(event);
    case "state":
      return explainState(event, context);
    case "ifindex":
      return explainDevice(event);
    case "traceSummary":
      return explainSummary(event);
    case "srcLabel":
      return explainIdentity(event.srcIdentity, "source", event.observationPoint);
    case "dstLabel":
      return explainIdentity(event.dstIdentity, "destination", event.observationPoint);
    case "dstID":
      return explainDestination(event);
    case "IpTraceID":
      return explainTraceId(event.ipTraceId);
    case "orig-ip":
      return explainOrigIp(event);
    case "encrypted":
      return {
        sentences: ["The packet is, was or will be encrypted (IPsec or WireGuard). JSON does not show it."],
        sources: [traceReasonSource],
      };
    case "captured":
      return {
        sentences: ["So many bytes of the packet were captured; layers that lie beyond are not shown."],
        sources: ["pkg/monitor/datapath_trace.go (DumpVerbose), Cilium 1.19"],
      };
    default:
      return explainCommonField(event, key);
  }
}

function explainObservationPoint(event: TraceEvent): FieldExplanation {
  const point = findObservationPoint(event.observationPoint);
  if (!point) {
    const retired = retiredObservationPoints.find(({ name }) => name === event.observationPoint);
    return { sentences: [retired?.meaning ?? "No version of Cilium known here has this observation point."] };
  }
  return {
    sentences: [point.meaning, point.proves],
    facts: [
      { name: "program", text: point.program },
      { name: "hook", text: point.hook },
      { name: "usually before", text: point.precededBy },
      { name: "usually after", text: point.followedBy },
      { name: "since", text: `Cilium ${point.since}` },
    ],
    notes:
      point.kind === "receive"
        ? ["Receive points are shown with monitor aggregation none only: at any higher level they are all hidden."]
        : [],
    sources: [observationPointSource],
  };
}

function explainState(event: TraceEvent, context: EventContext): FieldExplanation {
  const { state = "", observationPoint } = event;
  const reason = findTraceReason(state);
  if (!reason)
    return { sentences: ["No version of Cilium known here has this trace reason."], sources: [traceReasonSource] };
  const notes: string[] = [];
  const old = context.version?.since === undefined || context.version.since < 12;
  if (reason.name === "new" && isNewMeaningless(observationPoint) && old) {
    notes.push("Until 1.11 a point without connection tracking printed new by default; then it says nothing.");
  }
  if (/^\d+$/.test(state) && Number(state) & encryptedReasonBit) notes.push("The packet is, was or will be encrypted.");
  if (reason.name === "reply")
    notes.push("Connection tracking knows the request: the reply belongs to a connection this node has seen.");
  return {
    sentences: [`Connection tracking at this point: ${reason.meaning}.`],
    facts: [{ name: "reason code", value: String(reason.code) }],
    notes,
    sources: [traceReasonSource],
  };
}

function explainDevice(event: TraceEvent): FieldExplanation {
  const { ifname } = event;
  if (ifname === undefined) {
    return {
      sentences: [
        "The program named no device: 0 is no interface. The packet has not been bound to one at this point, or comes from inside the program.",
      ],
    };
  }
  const device = describeDevice(ifname);
  const side = event.observationPoint.startsWith("from-")
    ? "the device the packet came in by, as the kernel last noted it"
    : "the device the packet is on its way to";
  return {
    sentences: [
      `The device ${ifname} is ${side}.`,
      ...(device ? [`${ifname} is ${device.meaning} (${device.owner}).`] : []),
    ],
    notes: [
      ...(/^\d+$/.test(ifname) ? ["This is the interface's number: the monitor did not find its name."] : []),
      "The name was looked up when the event was printed, from the interface's number.",
    ],
    sources: device ? [device.source] : [],
  };
}

function explainSummary(event: TraceEvent): FieldExplanation {
  const point = findObservationPoint(event.observationPoint);
  const arrow = event.summary.startsWith("<-") ? "comes in" : "goes out";
  return {
    sentences: [
      `The observation point in the words of monitor's text output: the packet ${arrow}, as seen from Cilium's program.`,
      ...(point ? [point.meaning] : []),
    ],
    sources: ["pkg/monitor/datapath_trace.go (traceSummary), Cilium 1.0 to 1.19"],
  };
}

function explainDestination(event: TraceEvent): FieldExplanation {
  if (findObservationPoint(event.observationPoint)?.name === "to-proxy") {
    return {
      sentences: [
        event.dstEndpoint === 0
          ? "At to-proxy this is the proxy's port; 0 for the reply of a connection that the proxy holds."
          : `At to-proxy this is the port of the L7 proxy, ${event.dstEndpoint}, and no endpoint.`,
      ],
    };
  }
  return {
    sentences: [
      event.dstEndpoint === 0
        ? "No endpoint of this node is the destination, or it is not known at this point."
        : `The packet is for endpoint ${event.dstEndpoint} of this node.`,
    ],
    notes:
      event.dstEndpoint === 0 ? [] : ["Endpoint ids are numbers of this node only; `cilium endpoint list` shows them."],
  };
}

/** Text alone has it. All zeros stand for none. */
function explainOrigIp({ origIp }: TraceEvent): FieldExplanation {
  return {
    sentences: [
      origIp
        ? `The source address before it was translated was ${formatAddress(origIp)}; the source behind the colon is the one that the packet carries now. The two are the same where nothing was translated.`
        : "The source address was not translated.",
    ],
    notes: ["JSON does not show it."],
    sources: ["pkg/monitor/datapath_trace.go (OriginalIP), Cilium 1.6 to 1.19"],
  };
}

/** `IpTraceID` of trace and `IPTraceID` of drop messages. */
export function explainTraceId(id: bigint | undefined): FieldExplanation {
  return {
    sentences: [
      id === undefined || id === 0n
        ? "Packet tracing by an IP option is off, or the packet carries no trace id."
        : "The trace id that the packet carries in an IP option: events with the same id are of one packet, on every node.",
    ],
    sources: ["pkg/monitor/datapath_trace.go, Cilium 1.19"],
  };
}
