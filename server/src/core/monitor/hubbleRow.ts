import { findCapturePoint } from "../cilium/capturePoints.js";
import { findDropReason } from "../cilium/dropReasons.js";
import { parseIdentity } from "../cilium/identities.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { findPolicyWord, policyMatches } from "../cilium/policyVerdicts.js";
import type { Place } from "../text/span.js";
import type { HubbleDetails, MonitorEvent, PolicyVerdictEvent, SocketEvent } from "./event.js";
import { type HubbleEnds, readEnd, readRowHeaders } from "./hubbleEnds.js";
import { eventOfLosses } from "./hubbleLosses.js";
import { policyActions, recordVerdicts } from "./hubbleWords.js";

/** What `hubble observe` prints of a flow as text, in whichever layout. Source and destination are those of the packet. */
export interface HubbleRow {
  readonly time: string;
  readonly node?: string;
  readonly source: string;
  readonly destination: string;
  /** Identities by name or number; compact lines alone have them. */
  readonly sourceId?: string;
  readonly destinationId?: string;
  readonly isReply?: boolean;
  readonly type: string;
  readonly verdict: string;
  readonly summary: string;
}

const request = /^(http|dns|kafka|l7)-(request|response|sample)(?: \S{0,40})?$/;
const socketPoint = /^(?:pre|post)-xlate-(?:fwd|rev)$/;
const policyVerdict = /^policy-verdict:([\w-]{1,20}) (INGRESS|EGRESS)$/;

/** A row as the event it tells of. `undefined` where its type is none that Hubble prints. */
export function eventOfRow(row: HubbleRow, place: Place): MonitorEvent | undefined {
  const { type, verdict, summary, time, node } = row;
  if (type === "EVENTS LOST") {
    const known = node !== undefined && node !== "-" && { nodeName: node };
    return eventOfLosses(row.source, summary, { place, hubble: { time, ...known } });
  }
  const ends = { from: readEnd(row.source, row.sourceId), to: readEnd(row.destination, row.destinationId) };
  const point = findObservationPoint(type);
  // A point that this version of the printer does not know is printed as its number.
  const isPoint = point !== undefined || (verdict === "FORWARDED" && /^\d{1,3}$/.test(type));
  if (isPoint) {
    const names = { observationPoint: point?.name ?? type, summary: point?.summary ?? type };
    return { type: "trace", ...datapath(row, place, ends), ...names };
  }
  if (type.startsWith("policy-verdict:") || findPolicyWord(policyMatches, type)) return verdictOf(row, place, ends);
  if (request.test(type)) {
    return { type: "logRecord", place, hubble: details(row, ends), record: recordOfRow(row) };
  }
  if (socketPoint.test(type)) return socketOf(row, place, ends);
  const capture = type.startsWith("DBG_CAPTURE_") ? findCapturePoint(type) : undefined;
  if (capture) {
    const { srcIdentity, dstIdentity, dstEndpoint, ...shown } = datapath(row, place, ends);
    return { type: "capture", ...shown, message: capture.message };
  }
  // Without identities a line may be of any log: then the reason has to be known.
  const isDrop = verdict === "DROPPED" && (row.sourceId !== undefined || findDropReason(type) !== undefined);
  return isDrop ? { type: "drop", ...datapath(row, place, ends), reason: type } : undefined;
}

/** What traces and drops share. Text has neither flow hash nor endpoints nor the packet's length. */
function datapath(row: HubbleRow, place: Place, ends: HubbleEnds) {
  const headers = readRowHeaders(ends, row.summary);
  const traceId = /^IP Trace ID: (\d{1,20})(?:;|$)/.exec(row.summary)?.[1];
  return {
    place,
    hubble: details(row, ends),
    flowHash: 0,
    source: 0,
    bytes: 0,
    srcIdentity: parseIdentity(row.sourceId ?? "") ?? 0,
    dstIdentity: parseIdentity(row.destinationId ?? "") ?? 0,
    dstEndpoint: 0,
    ...(headers && { headers }),
    ...(traceId !== undefined && { ipTraceId: BigInt(traceId) }),
  };
}

function verdictOf(row: HubbleRow, place: Place, ends: HubbleEnds): PolicyVerdictEvent {
  // Until 0.9 (Cilium 1.11) the match stood there alone.
  const [, match = row.type, word] = policyVerdict.exec(row.type) ?? [];
  const direction = word === "INGRESS" ? "ingress" : word === "EGRESS" ? "egress" : "unknown";
  const headers = readRowHeaders(ends, row.summary);
  const auth = /; Auth: ([A-Z_]{1,40})$/.exec(row.summary)?.[1]?.toLowerCase().replaceAll("_", "-");
  return {
    type: "policy-verdict",
    place,
    hubble: { ...details(row, ends), ...(direction !== "unknown" && { trafficDirection: direction }) },
    flowHash: 0,
    endpoint: 0,
    remoteIdentity: (direction === "ingress" ? row.sourceId : row.destinationId) ?? "unknown",
    direction,
    action: policyActions[row.verdict] ?? row.verdict.toLowerCase(),
    match,
    ...(auth !== undefined && { auth }),
    ...(headers && { headers }),
  };
}

function socketOf(row: HubbleRow, place: Place, ends: HubbleEnds): SocketEvent {
  const { address, port } = row.type.endsWith("fwd") ? ends.to : ends.from;
  const protocol = row.summary === "TCP" ? "tcp" : row.summary === "UDP" ? "udp" : undefined;
  return {
    type: "trace-sock",
    place,
    hubble: details(row, ends),
    point: row.type,
    peer: { ...(address && { address }), ...(port !== undefined && { port }) },
    ...(protocol && { protocol }),
  };
}

function details(row: HubbleRow, { from, to }: HubbleEnds): HubbleDetails {
  // Built up instead of spread together: there is one for every line of a capture.
  const hubble: { -readonly [Key in keyof HubbleDetails]: HubbleDetails[Key] } = {
    time: row.time,
    verdict: row.verdict,
  };
  if (row.node !== undefined) hubble.nodeName = row.node;
  if (row.isReply !== undefined) hubble.isReply = row.isReply;
  if (from.pod !== undefined) hubble.sourcePod = from.pod;
  if (to.pod !== undefined) hubble.destinationPod = to.pod;
  if (from.name !== undefined) hubble.sourceName = from.name;
  if (to.name !== undefined) hubble.destinationName = to.name;
  return hubble;
}

/** In the keys of the monitor's `logRecord`; what Hubble sums up of the message stays as it is. */
function recordOfRow({
  type,
  verdict,
  summary,
  sourceId,
  destinationId,
}: HubbleRow): Readonly<Record<string, unknown>> {
  const [, protocol = "", kind = ""] = request.exec(type) ?? [];
  const srcIdentity = parseIdentity(sourceId ?? "");
  const dstIdentity = parseIdentity(destinationId ?? "");
  return {
    type: "logRecord",
    flowType: kind.charAt(0).toUpperCase() + kind.slice(1),
    l7Proto: protocol === "l7" ? "" : protocol,
    ...(srcIdentity !== undefined && { srcIdentity }),
    ...(dstIdentity !== undefined && { dstIdentity }),
    verdict: recordVerdicts[verdict] ?? verdict,
    ...(summary !== "" && { text: summary }),
  };
}
