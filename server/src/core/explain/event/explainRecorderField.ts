import type { RecorderEvent } from "../../monitor/event.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

const sources = ["pkg/monitor/datapath_recorder.go, Cilium 1.10 to 1.18"];

/** The fields of a recorder's line, by the names that it has for them. */
export function explainRecorderField(event: RecorderEvent, field: EventField): FieldExplanation | undefined {
  switch (field.path[0]) {
    case "dir":
      return {
        sentences: [event.direction === "ingress" ? "The packet came in." : "The packet went out."],
        sources,
      };
    case "rule":
      return {
        sentences: ["The number of the recorder's rule that matched; `cilium recorder list` shows them."],
        sources,
      };
    case "ts":
      return { sentences: ["Nanoseconds since the node started."], sources };
    case "caplen":
      return { sentences: [`${event.captured} bytes of the packet were captured.`], sources };
    case "len":
      return { sentences: [`The packet was ${event.bytes} bytes long.`], sources };
    default:
      return undefined;
  }
}
