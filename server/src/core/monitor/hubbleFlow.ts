import { dropReasons, firstDropCode } from "../cilium/dropReasons.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import type { HubbleDetails, MonitorEvent } from "./event.js";
import { hubbleHeaders } from "./hubbleHeaders.js";
import { integerOf, recordOf, textOf } from "./hubbleValues.js";

type Flow = Readonly<Record<string, unknown>>;

/** `match` of policy verdicts by its number (pkg/monitor/api/types.go: PolicyMatchType). */
const matches = ["none", "L3-Only", "L3-L4", "L4-Only", "all", "L3-Proto", "Proto-Only"] as const;

const actions: Readonly<Record<string, string>> = {
  FORWARDED: "allow",
  DROPPED: "deny",
  REDIRECTED: "redirect",
  AUDIT: "audit",
};

/**
 * A Hubble flow as the monitor's event (pkg/hubble/parser does the reverse): 1 is a drop, 4 a trace, 5 a policy verdict, 129 an L7
 * record. `undefined` for the other kinds (captures, socket translation), and where the kind can't be told.
 */
export function eventOfFlow(flow: Flow, place: Place, outer: HubbleDetails): MonitorEvent | undefined {
  const base = { place, hubble: details(flow, outer) };
  const type = integerOf(recordOf(flow.event_type).type);
  if (flow.l7 !== undefined || type === 129) return { type: "logRecord", ...base, record: l7Record(flow) };
  const point = textOf(flow.trace_observation_point)?.toLowerCase().replaceAll("_", "-");
  if (type === 4 || (type === undefined && point !== undefined)) {
    const known = findObservationPoint(String(integerOf(recordOf(flow.event_type).sub_type) ?? 0));
    const observationPoint = point ?? known?.name ?? "";
    const state = textOf(flow.trace_reason)?.replace("TRACE_REASON_", "").toLowerCase().replaceAll("_", "-");
    const ifname = textOf(recordOf(flow.interface).name) ?? integerOf(recordOf(flow.interface).index)?.toString();
    return {
      type: "trace",
      ...base,
      ...datapath(flow, observationPoint.startsWith("from-") ? "source" : "destination"),
      observationPoint,
      summary: findObservationPoint(observationPoint)?.summary ?? observationPoint,
      dstEndpoint: (observationPoint === "to-proxy" ? integerOf(flow.proxy_port) : endpoint(flow, "destination")) ?? 0,
      encrypted: recordOf(flow.IP).encrypted === true,
      ...(state !== undefined && { state }),
      ...(ifname !== undefined && ifname !== "0" && { ifname }),
      ...origIp(flow),
    };
  }
  if (type === 5) return verdict(flow, base);
  if (type === 1 || (type === undefined && flow.drop_reason_desc !== undefined)) return drop(flow, base);
  return undefined;
}

type Base = { readonly place: Place; readonly hubble: HubbleDetails };

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

/** The reason in the monitor's words by its code, else by its name (`POLICY_DENIED`); else the name as it is. */
function dropReason(flow: Flow): string {
  const name = textOf(flow.drop_reason_desc);
  const code = integerOf(flow.drop_reason) ?? integerOf(recordOf(flow.event_type).sub_type);
  const drops = dropReasons.filter((reason) => reason.code >= firstDropCode);
  const known =
    drops.find((reason) => reason.code === code) ??
    drops.find((reason) => reason.text.toUpperCase().replace(/[^A-Z0-9]{1,9}/g, "_") === name);
  return known?.text ?? name ?? (code === undefined ? "" : String(code));
}

function verdict(flow: Flow, base: Base): MonitorEvent {
  const isIngress = flow.traffic_direction === "INGRESS";
  const headers = hubbleHeaders(flow);
  const word = textOf(flow.verdict) ?? "";
  return {
    type: "policy-verdict",
    ...base,
    flowHash: 0,
    endpoint: endpoint(flow, isIngress ? "destination" : "source") ?? 0,
    remoteIdentity: String(identity(flow, isIngress ? "source" : "destination")),
    direction: isIngress ? "ingress" : "egress",
    action: actions[word] ?? word.toLowerCase(),
    match: matches[integerOf(flow.policy_match_type) ?? 0] ?? "unknown",
    ...(headers && { headers }),
  };
}

/** In the words of the monitor's `logRecord` (pkg/monitor/logrecord.go). */
function l7Record(flow: Flow): Flow {
  const l7 = recordOf(flow.l7);
  const protocol = ["dns", "http", "kafka"].find((name) => name in l7);
  const kind = textOf(l7.type) ?? "";
  const verdicts: Readonly<Record<string, string>> = { FORWARDED: "Forwarded", DROPPED: "Denied", ERROR: "Error" };
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
    verdict: verdicts[word] ?? word,
    ...(protocol !== undefined && { [protocol]: l7[protocol] }),
  };
}

/** What traces and drops share. Hubble prints neither the flow hash nor the packet's length. */
function datapath(flow: Flow, reporter: "source" | "destination") {
  const headers = hubbleHeaders(flow);
  const traceId = /^\d{1,20}$/.exec(String(recordOf(flow.ip_trace_id).trace_id ?? ""))?.[0];
  return {
    flowHash: 0,
    source: endpoint(flow, reporter) ?? 0,
    bytes: 0,
    srcIdentity: identity(flow, "source"),
    dstIdentity: identity(flow, "destination"),
    ...(traceId !== undefined && { ipTraceId: BigInt(traceId) }),
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

function details(flow: Flow, outer: HubbleDetails): HubbleDetails {
  const time = textOf(flow.time) ?? outer.time;
  const nodeName = textOf(flow.node_name) ?? outer.nodeName;
  const word = textOf(flow.verdict);
  const sourcePod = pod(recordOf(flow.source));
  const destinationPod = pod(recordOf(flow.destination));
  return {
    ...(time !== undefined && { time }),
    ...(nodeName !== undefined && { nodeName }),
    ...(word !== undefined && { verdict: word }),
    ...(typeof flow.is_reply === "boolean" && { isReply: flow.is_reply }),
    ...(sourcePod !== undefined && { sourcePod }),
    ...(destinationPod !== undefined && { destinationPod }),
  };
}

function pod(end: Flow): string | undefined {
  const name = textOf(end.pod_name);
  const namespace = textOf(end.namespace);
  return name === undefined || namespace === undefined ? name : `${namespace}/${name}`;
}
