import { capturePoints, findCapturePoint } from "../cilium/capturePoints.js";
import { findDropReason, findHubbleDropReason } from "../cilium/dropReasons.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { policyMatches } from "../cilium/policyVerdicts.js";
import { findSocketPoint } from "../cilium/socketPoints.js";
import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import type { HubbleDetails, MonitorEvent } from "./event.js";
import { hubbleDetails } from "./hubbleDetails.js";
import { hubbleHeaders } from "./hubbleHeaders.js";
import { policyActions, recordVerdicts } from "./hubbleWords.js";
import { integerOf, recordOf, textOf } from "./jsonValues.js";

type Flow = Readonly<Record<string, unknown>>;

/**
 * A Hubble flow as the monitor's event (pkg/hubble/parser does the reverse): 1 is a drop, 3 a capture, 4 a trace, 5 a policy verdict,
 * 7 a socket translation, 129 an L7 record. `undefined` where the kind can't be told.
 */
export function eventOfFlow(flow: Flow, place: Place, outer: HubbleDetails): MonitorEvent | undefined {
  const base = { place, hubble: hubbleDetails(flow, outer) };
  switch (messageType(flow)) {
    case 1:
      return drop(flow, base);
    case 3:
      return capture(flow, base);
    case 4:
      return trace(flow, base);
    case 5:
      return verdict(flow, base);
    case 7:
      return socket(flow, base);
    case 129:
      return { type: "logRecord", ...base, record: l7Record(flow) };
    default:
      return undefined;
  }
}

/** Fields that flows of one kind alone have, with the monitor's type of message for it. A denied verdict has a drop reason as well. */
const tellingFields = [
  ["l7", 129],
  ["trace_observation_point", 4],
  ["policy_match_type", 5],
  ["sock_xlate_point", 7],
  ["debug_capture_point", 3],
  ["drop_reason_desc", 1],
] as const;

/** The monitor's type of message. Where a field mask of the exporter has taken it out, other fields may tell it. */
function messageType(flow: Flow): number | undefined {
  if (flow.l7 !== undefined) return 129;
  return integerOf(recordOf(flow.event_type).type) ?? tellingFields.find(([field]) => flow[field] !== undefined)?.[1];
}

type Base = { readonly place: Place; readonly hubble: HubbleDetails };

function trace(flow: Flow, base: Base): MonitorEvent {
  const point = textOf(flow.trace_observation_point)?.toLowerCase().replaceAll("_", "-");
  const known = findObservationPoint(String(integerOf(recordOf(flow.event_type).sub_type) ?? 0));
  const observationPoint = point ?? known?.name ?? "";
  const state = textOf(flow.trace_reason)?.replace("TRACE_REASON_", "").toLowerCase().replaceAll("_", "-");
  const ifname = textOf(recordOf(flow.interface).name) ?? integerOf(recordOf(flow.interface).index)?.toString();
  return {
    type: "trace",
    ...base,
    ...datapath(flow, reporterOf(base.hubble, observationPoint)),
    observationPoint,
    summary: findObservationPoint(observationPoint)?.summary ?? observationPoint,
    dstEndpoint: (observationPoint === "to-proxy" ? integerOf(flow.proxy_port) : endpoint(flow, "destination")) ?? 0,
    encrypted: recordOf(flow.IP).encrypted === true,
    ...(state !== undefined && { state }),
    ...(ifname !== undefined && ifname !== "0" && { ifname }),
    ...origIp(flow),
  };
}

/**
 * The end whose endpoint reported. The direction was made from it and from whether the packet is a reply
 * (pkg/hubble/parser/threefour: decodeTrafficDirection); without it, the receiver reports at to-endpoint and the sender elsewhere.
 */
function reporterOf({ trafficDirection, isReply }: HubbleDetails, observationPoint: string): "source" | "destination" {
  if (trafficDirection !== undefined && isReply !== undefined) {
    return (trafficDirection === "egress") !== isReply ? "source" : "destination";
  }
  return observationPoint === "to-endpoint" ? "destination" : "source";
}

function drop(flow: Flow, base: Base): MonitorEvent {
  const file = recordOf(flow.file);
  const bpfFile = textOf(file.name);
  const bpfLine = integerOf(file.line);
  const ifindex = integerOf(recordOf(flow.interface).index);
  return {
    type: "drop",
    ...base,
    ...datapath(flow, flow.traffic_direction === "INGRESS" ? "destination" : "source"),
    reason: dropReason(flow),
    dstEndpoint: endpoint(flow, "destination") ?? 0,
    ...(ifindex !== undefined && { ifindex }),
    ...(bpfFile !== undefined && { bpfFile }),
    ...(bpfLine !== undefined && { bpfLine }),
  };
}

function capture(flow: Flow, base: Base): MonitorEvent {
  const headers = hubbleHeaders(flow);
  const name = textOf(flow.debug_capture_point) ?? "";
  const code = integerOf(recordOf(flow.event_type).sub_type);
  const point = findCapturePoint(name) ?? capturePoints.find((known) => known.code === code);
  return {
    type: "capture",
    ...base,
    flowHash: 0,
    source: endpoint(flow, "source") ?? 0,
    bytes: 0,
    message: point?.message ?? name,
    ...(headers && { headers }),
  };
}

/** The peer is the destination on the way out and the source of what comes back (pkg/hubble/parser/sock). */
function socket(flow: Flow, base: Base): MonitorEvent {
  const point = findSocketPoint(textOf(flow.sock_xlate_point) ?? "")?.name ?? "unknown";
  const { ip, l4 } = hubbleHeaders(flow) ?? {};
  const isForward = !point.endsWith("rev");
  const port = l4 && "sport" in l4 ? (isForward ? l4.dport : l4.sport) : undefined;
  const cookie = digitsOf(flow.socket_cookie);
  const cgroupId = digitsOf(flow.cgroup_id);
  return {
    type: "trace-sock",
    ...base,
    point,
    peer: { ...(ip && { address: isForward ? ip.dst : ip.src }), ...(port !== undefined && { port }) },
    ...(cookie !== undefined && { cookie }),
    ...(cgroupId !== undefined && { cgroupId }),
    ...((l4?.protocol === "tcp" || l4?.protocol === "udp") && { protocol: l4.protocol }),
  };
}

/** A number of 64 bits, which protobuf writes as text. */
function digitsOf(value: unknown): bigint | undefined {
  const digits = /^\d{1,20}$/.exec(String(value ?? ""))?.[0];
  return digits === undefined ? undefined : BigInt(digits);
}

/** The reason in the monitor's words by its code, else by its name (`POLICY_DENIED`); else the name as it is. */
function dropReason(flow: Flow): string {
  const name = textOf(flow.drop_reason_desc);
  const code = integerOf(flow.drop_reason) ?? integerOf(recordOf(flow.event_type).sub_type);
  const known = findDropReason(String(code ?? "")) ?? (name === undefined ? undefined : findHubbleDropReason(name));
  return known?.text ?? name ?? (code === undefined ? "" : String(code));
}

function verdict(flow: Flow, base: Base): MonitorEvent {
  const isIngress = flow.traffic_direction === "INGRESS";
  const headers = hubbleHeaders(flow);
  const word = textOf(flow.verdict) ?? "";
  const auth = textOf(flow.auth_type);
  return {
    type: "policy-verdict",
    ...base,
    flowHash: 0,
    endpoint: endpoint(flow, isIngress ? "destination" : "source") ?? 0,
    remoteIdentity: String(identity(flow, isIngress ? "source" : "destination")),
    direction: isIngress ? "ingress" : "egress",
    action: policyActions[word] ?? word.toLowerCase(),
    match: policyMatches.find(({ code }) => code === (integerOf(flow.policy_match_type) ?? 0))?.name ?? "unknown",
    ...(auth !== undefined && { auth: auth.toLowerCase().replaceAll("_", "-") }),
    ...(headers && { headers }),
  };
}

/** In the words of the monitor's `logRecord` (pkg/monitor/logrecord.go). */
function l7Record(flow: Flow): Flow {
  const l7 = recordOf(flow.l7);
  const protocol = ["dns", "http", "kafka"].find((name) => name in l7);
  const kind = textOf(l7.type) ?? "";
  const word = textOf(flow.verdict) ?? "";
  return {
    type: "logRecord",
    observationPoint: flow.traffic_direction === "EGRESS" ? "Egress" : "Ingress",
    flowType: kind.charAt(0) + kind.slice(1).toLowerCase(),
    l7Proto: protocol ?? "",
    srcEpID: endpoint(flow, "source") ?? 0,
    dstEpID: endpoint(flow, "destination") ?? 0,
    srcIdentity: identity(flow, "source"),
    dstIdentity: identity(flow, "destination"),
    verdict: recordVerdicts[word] ?? word,
    ...(protocol !== undefined && { [protocol]: l7[protocol] }),
  };
}

/** What traces and drops share. Hubble prints neither the flow hash nor the packet's length. */
function datapath(flow: Flow, reporter: "source" | "destination") {
  const headers = hubbleHeaders(flow);
  const ipTraceId = digitsOf(recordOf(flow.ip_trace_id).trace_id);
  return {
    flowHash: 0,
    source: endpoint(flow, reporter) ?? 0,
    bytes: 0,
    srcIdentity: identity(flow, "source"),
    dstIdentity: identity(flow, "destination"),
    ...(ipTraceId !== undefined && { ipTraceId }),
    ...(headers && { headers }),
  };
}

/** `source` is the one before reverse NAT where `source_xlated` says what the packet carried. */
function origIp(flow: Flow) {
  const ip = recordOf(flow.IP);
  const address = textOf(ip.source_xlated) ? parseAddress(textOf(ip.source) ?? "") : undefined;
  return address ? { origIp: address } : {};
}

function endpoint(flow: Flow, end: "source" | "destination"): number | undefined {
  return integerOf(recordOf(flow[end]).ID);
}

function identity(flow: Flow, end: "source" | "destination"): number {
  return integerOf(recordOf(flow[end]).identity) ?? 0;
}
