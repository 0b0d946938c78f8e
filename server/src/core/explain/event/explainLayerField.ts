import { describeIdentity } from "../../cilium/identities.js";
import type { DropEvent, TraceEvent } from "../../monitor/event.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";
import { layerFieldMeanings, layerMeanings } from "./layerMeanings.js";

const sources = ["pkg/monitor/dissect.go (DissectSummary), Cilium 1.0 to 1.19; gopacket's LayerString"];

/** What stands in `summary`: the layers, their inner fields, and the plain ends `l2` to `l4`. */
export function explainLayerField(event: TraceEvent | DropEvent, field: EventField): FieldExplanation {
  const path = field.path.slice(1).map(String);
  if (path.length === 0) {
    return { sentences: ["The packet's headers, layer by layer, as far as the capture holds them."], sources };
  }
  if (path[0] === "tunnel") {
    const rest = path.slice(1);
    const outer = "The outer headers of a tunnelled packet; the layers beside `tunnel` are the inner packet's.";
    if (rest.length === 0) return { sentences: [outer], sources };
    const inner = explainLayer(event, rest, field.value);
    return { ...inner, sentences: [...(inner.sentences ?? []), outer] };
  }
  return explainLayer(event, path, field.value);
}

function explainLayer(
  event: TraceEvent | DropEvent,
  path: readonly string[],
  value: string | undefined,
): FieldExplanation {
  const [layer = "", name] = path;
  const meaning = own(layerMeanings, layer);
  if (name === undefined) return { sentences: [meaning ?? "A layer that is not known here."], sources };
  const text = own(own(layerFieldMeanings, layer) ?? {}, name) ?? own(layerFieldMeanings.any ?? {}, name);
  const special = value === undefined ? undefined : explainValue(event, layer, name, value);
  return {
    sentences: [text ?? "A field that is not known here.", ...(special?.sentences ?? [])],
    notes: special?.notes ?? [],
    sources,
  };
}

/** What a field's value tells beyond its meaning. */
function explainValue(
  event: TraceEvent | DropEvent,
  layer: string,
  name: string,
  value: string,
): { readonly sentences?: readonly string[]; readonly notes?: readonly string[] } | undefined {
  switch (name) {
    case "TTL":
    case "HopLimit":
      return { sentences: hops(value) };
    case "Flags":
      return { sentences: [flags(value)] };
    case "Checksum":
      return layer === "ipv4"
        ? undefined
        : {
            notes: [
              "A packet that this node sends itself may carry an unfinished checksum here, because the network card fills it in later (offload).",
            ],
          };
    case "Id":
      return layer === "ipv4" && value === "0"
        ? { notes: ["0 is usual for packets that must not be fragmented (DF)."] }
        : undefined;
    case "VNI":
      return /^\d{1,10}$/.test(value)
        ? { sentences: [`Identity ${value} is ${describeIdentity(Number(value)).meaning}.`] }
        : undefined;
    case "Length":
      return layer === "ethernet" && value === "0"
        ? { notes: ["0 is normal: the length field of Ethernet II holds the type."] }
        : undefined;
    case "FragOffset":
      return value === "0"
        ? undefined
        : { sentences: ["A later fragment: it has no transport header, and is joined to its first one by Id."] };
    case "SrcIP":
      return event.type === "trace" && event.origIp
        ? { notes: ["Before reverse NAT the source was another one; see orig-ip."] }
        : undefined;
    default:
      return undefined;
  }
}

/** The usual starts are 64 (Linux), 128 (Windows) and 255 (routers); RFC 1700 and common systems. */
function hops(value: string): readonly string[] {
  if (!/^\d{1,3}$/.test(value) || Number(value) > 255) return [];
  const left = Number(value);
  const start = [64, 128, 255].find((usual) => usual >= left) ?? 255;
  const passed = start - left;
  if (left === 1) return ["It is about to run out: look for a routing loop, or a traceroute."];
  if (passed === 0) return [`${start} is a usual start: nothing has routed the packet yet.`];
  const times = passed === 1 ? "once" : passed === 2 ? "twice" : `${passed} times`;
  return [
    `From a usual start of ${start} it was decremented ${times}; the node's kernel and Cilium's own delivery count too.`,
  ];
}

function flags(value: string): string {
  if (value === "") return "None is set: the packet may be fragmented, and no fragment follows.";
  const words = value
    .split("|")
    .map((flag) => (flag === "DF" ? "DF: must not be fragmented" : flag === "MF" ? "MF: more fragments follow" : flag));
  return `${words.join("; ")}.`;
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
