import { findCapturePoint } from "../cilium/capturePoints.js";
import { parseIdentity } from "../cilium/identities.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { parseAddress } from "../net/address.js";
import type { Place } from "../text/span.js";
import type { CaptureEvent, DropEvent, TraceEvent } from "./event.js";
import { splitReason } from "./splitReason.js";

/** An event whose headers stand on lines of their own, before or after its header line. */
export type VerboseEvent = TraceEvent | DropEvent | CaptureEvent;

const opening =
  /^CPU (\d{1,5}): MARK (0x[0-9a-f]{1,8})(?: \[ IP-TRACE-ID = (\d{1,20}) \])? FROM (\d{1,5}) ([A-Za-z][\w-]{0,31}|\d{1,3})(?:: (\d{1,10}) bytes| dropped)(.*)$/;

// 1.8 to 1.10 print the identities without a separator: `state newidentity 4711->unknown`, `interface cilium_vxlanidentity ...`.
const trace =
  /^(?: \(\d{1,10} captured\))?, state ([\w-]{1,32}?)(?:, interface (\S{1,32}?))?(?:(?:, ){0,2}identity ([\w-]{1,64})->([\w-]{1,64}))?(?:, orig-ip ([0-9a-fA-F.:]{1,45}))?(?:, to (?:endpoint|proxy-port) (\d{1,5}))?$/;
const drop = /^, reason (.{1,100}?)(?:(?:, ){0,2}identity ([\w-]{1,64})->([\w-]{1,64}))?(?:, to endpoint (\d{1,10}))?$/;
/** Before 1.0: ` 131 (Invalid destination mac) 70 bytes ifindex=0 284->0`. */
const oldDrop = /^ \d{1,3} \(([^()]{1,100})\) (\d{1,10}) bytes ifindex=(\d{1,10}) (\d{1,10})->(\d{1,10})$/;

/**
 * The header line of an event as `-vv` prints it (DumpVerbose of pkg/monitor/datapath_trace.go, datapath_drop.go and
 * datapath_debug.go): `CPU 01: MARK 0x1 FROM 71 to-stack: 98 bytes (98 captured), state new, , identity 4711->world, orig-ip 0.0.0.0`.
 */
export function readVerbose(line: string, place: Place): VerboseEvent | undefined {
  const found = opening.exec(line);
  if (!found) return undefined;
  const [, cpu, hash = "", traceId, source, point = "", bytes = "0", rest = ""] = found;
  const base = {
    place,
    cpu: Number(cpu),
    flowHash: Number.parseInt(hash, 16),
    source: Number(source),
    bytes: Number(bytes),
  };
  const id = traceId === undefined ? {} : { ipTraceId: BigInt(traceId) };
  if (point === "DROP") return readDropRest({ ...base, ...id }, rest);
  if (point === "Packet") return readOldDrop(base, rest);
  if (point === "DEBUG") return readCaptureRest(base, rest);
  return readTraceRest({ ...base, ...id }, point, rest);
}

type Base = Pick<DropEvent, "place" | "cpu" | "flowHash" | "source" | "bytes" | "ipTraceId">;

function readTraceRest(base: Base, observationPoint: string, rest: string): TraceEvent | undefined {
  const found = trace.exec(rest);
  if (!found) return undefined;
  const [, state = "", ifname, src = "", dst = "", orig = "", to = "0"] = found;
  const origIp = parseAddress(orig);
  return {
    type: "trace",
    ...base,
    observationPoint,
    summary: findObservationPoint(observationPoint)?.summary ?? observationPoint,
    state,
    ...(ifname !== undefined && ifname !== "0" && { ifname }),
    srcIdentity: parseIdentity(src) ?? 0,
    dstIdentity: parseIdentity(dst) ?? 0,
    dstEndpoint: Number(to),
    ...(origIp && origIp.value !== 0n && { origIp }),
  };
}

function readDropRest(base: Base, rest: string): DropEvent | undefined {
  const found = drop.exec(rest);
  if (!found) return undefined;
  const [, words = "", src = "", dst = "", to = "0"] = found;
  const { reason, extError } = splitReason(words);
  return {
    type: "drop",
    ...base,
    reason,
    ...(extError !== undefined && { extError }),
    srcIdentity: parseIdentity(src) ?? 0,
    dstIdentity: parseIdentity(dst) ?? 0,
    dstEndpoint: Number(to),
  };
}

function readOldDrop(base: Base, rest: string): DropEvent | undefined {
  const found = oldDrop.exec(rest);
  if (!found) return undefined;
  const [, reason = "", bytes, ifindex, src, dst] = found;
  return {
    type: "drop",
    ...base,
    bytes: Number(bytes),
    reason,
    srcIdentity: Number(src),
    dstIdentity: Number(dst),
    dstEndpoint: 0,
    ifindex: Number(ifindex),
  };
}

/** A capture is printed as a debug message that tells the packet's length and is followed by its layers. */
function readCaptureRest(base: Base, rest: string): CaptureEvent | undefined {
  const message = rest.replace(/^,? /, "");
  return findCapturePoint(message) ? { type: "capture", ...base, message } : undefined;
}
