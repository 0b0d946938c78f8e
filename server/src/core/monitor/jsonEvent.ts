import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { MonitorEvent } from "./event.js";
import { type LayerSummary, readHeaders } from "./layers.js";
import { splitReason } from "./splitReason.js";

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The values of `type` that monitor JSON knows (pkg/monitor/api/types.go; policy verdicts, recorder and socket traces are text). */
export const jsonTypes = ["trace", "drop", "debug", "capture", "agent", "logRecord"] as const;
export type JsonType = (typeof jsonTypes)[number];

/**
 * Turns a monitor JSON object into an event. `record` has passed its schema: what is present has the right type. `exact` gives
 * an integer of the object digit by digit, for those beyond what a double holds.
 */
export function eventOfJson(
  type: JsonType,
  record: JsonRecord,
  place: Place,
  exact: (key: string) => bigint | undefined,
): MonitorEvent {
  const cpu = readCpu(record.cpu);
  const base = { place, ...(cpu !== undefined && { cpu }) };
  switch (type) {
    case "debug":
      return { type, ...base, message: text(record.message) ?? "" };
    case "agent":
      return { type, ...base, subtype: text(record.subtype) ?? "", message: record.message };
    case "logRecord":
      return { type, ...base, record };
    case "capture": {
      const summary = text(record.summary);
      const prefix = text(record.prefix);
      const headers = summary === undefined ? undefined : parseConnection(summary);
      return {
        type,
        ...base,
        ...datapath(record),
        message: text(record.message) ?? "",
        ...(prefix !== undefined && { prefix }),
        ...(summary !== undefined && { summary }),
        ...(headers && { headers }),
      };
    }
    case "trace": {
      const state = text(record.state);
      const ifname = text(record.ifindex);
      const ipTraceId = exact("IpTraceID");
      return {
        type,
        ...base,
        ...datapath(record),
        ...ends(record),
        ...layers(record),
        observationPoint: text(record.observationPoint) ?? "",
        summary: text(record.traceSummary) ?? "",
        ...(state !== undefined && { state }),
        ...(ifname !== undefined && ifname !== "0" && ifname !== "" && { ifname }),
        ...(ipTraceId !== undefined && { ipTraceId }),
      };
    }
    case "drop": {
      const { reason, extError: suffix } = splitReason(text(record.reason) ?? "");
      const extError = integer(record.ExtError) ?? suffix;
      const ifindex = integer(record.Ifindex);
      const bpfFile = integer(record.File);
      const bpfLine = integer(record.Line);
      const ipTraceId = exact("IPTraceID");
      return {
        type,
        ...base,
        ...datapath(record),
        ...ends(record),
        ...layers(record),
        reason,
        ...(extError !== undefined && { extError }),
        ...(ifindex !== undefined && { ifindex }),
        ...(bpfFile !== undefined && { bpfFile }),
        ...(bpfLine !== undefined && { bpfLine }),
        ...(ipTraceId !== undefined && { ipTraceId }),
      };
    }
  }
}

function datapath(record: JsonRecord) {
  return {
    flowHash: Number.parseInt(text(record.mark) ?? "0", 16),
    source: integer(record.source) ?? 0,
    bytes: integer(record.bytes) ?? 0,
  };
}

function ends(record: JsonRecord) {
  return {
    srcIdentity: integer(record.srcLabel) ?? 0,
    dstIdentity: integer(record.dstLabel) ?? 0,
    dstEndpoint: integer(record.dstID) ?? 0,
  };
}

function layers(record: JsonRecord) {
  const summary = record.summary;
  const headers = typeof summary === "object" && summary !== null ? readHeaders(summary as LayerSummary) : undefined;
  return headers ? { headers } : {};
}

/** `"CPU 07:"`. */
function readCpu(value: unknown): number | undefined {
  const digits = typeof value === "string" ? /^CPU (\d{1,5}):?$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function integer(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
