import type { Place } from "../text/span.js";
import type { KernelEvent } from "./event.js";
import type { JsonRecord } from "./jsonEvent.js";
import { integerOf, recordOf, textOf } from "./jsonValues.js";
import { headersOfTuples, type PwruTuple, readFunction, readInterface } from "./pwruEvent.js";

/** Whether a JSON object is a line of `pwru --output-json`: it names a packet's buffer, and who handled it. */
export function isPwruRecord(record: JsonRecord): boolean {
  return record.type === undefined && typeof record.skb === "string" && ("func" in record || "process" in record);
}

/**
 * Turns a line of `pwru --output-json` into an event (internal/pwru/output.go, 1.0.6 to 1.0.12). Fields that are 0 are left out there.
 * `record` has passed its schema.
 */
export function eventOfPwru(record: JsonRecord, place: Place): KernelEvent {
  const netns = integerOf(record.netns);
  const time = textOf(record.time) ?? integerOf(record.time)?.toString();
  const headers = headersOfTuples(tupleOf(record.tuple), tupleOf(record.tunnel_tuple));
  const text = (key: string, name: string) => {
    const value = textOf(record[key]);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    type: "pwru",
    place,
    cpu: integerOf(record.cpu) ?? 0,
    skb: textOf(record.skb) ?? "",
    ...readFunction(textOf(record.func) ?? ""),
    ...text("caller_func", "caller"),
    ...text("process", "process"),
    ...text("netns_name", "netnsName"),
    ...(time !== undefined && { time }),
    // Without its metadata a line has neither namespace nor fwmark; with them, a fwmark of 0 is left out.
    ...(netns !== undefined && { netns, fwmark: integerOf(record.mark) ?? 0 }),
    ...readInterface(textOf(record.iface) ?? ""),
    ...(integerOf(record.mtu) !== undefined && { mtu: integerOf(record.mtu) ?? 0 }),
    ...(integerOf(record.len) !== undefined && { bytes: integerOf(record.len) ?? 0 }),
    ...(headers && { headers }),
  };
}

function tupleOf(value: unknown): PwruTuple | undefined {
  const tuple = recordOf(value);
  const flags = textOf(tuple.flags);
  if (textOf(tuple.saddr) === undefined) return undefined;
  return {
    source: textOf(tuple.saddr) ?? "",
    destination: textOf(tuple.daddr) ?? "",
    sport: integerOf(tuple.sport) ?? 0,
    dport: integerOf(tuple.dport) ?? 0,
    protocol: integerOf(tuple.proto) ?? 0,
    ...(flags !== undefined && { flags }),
  };
}
