import { capturePointSource, findCapturePoint } from "../../cilium/capturePoints.js";
import type { CaptureEvent } from "../../monitor/event.js";
import { explainCommonField } from "./explainCommonField.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

/** The fields of capture messages (DebugCaptureVerbose, pkg/monitor/datapath_debug.go). */
export function explainCaptureField(event: CaptureEvent, field: EventField): FieldExplanation | undefined {
  const key = String(field.path[0]);
  switch (key) {
    case "message": {
      const point = findCapturePoint(event.message);
      return {
        sentences: [point?.meaning ?? "A step inside the program that is not known here."],
        sources: [capturePointSource],
      };
    }
    case "prefix":
      return {
        sentences: ["How text output begins this line: the arrow and the device, where -> 0 is the host stack."],
        sources: [capturePointSource],
      };
    case "summary":
      return {
        sentences: [
          "The packet's ends, and what it is. In captures this is a text, in traces and drops an object with the layers.",
        ],
        sources: ["pkg/monitor/dissect.go (GetConnectionSummary), Cilium 1.19"],
      };
    case "bytes":
      return { sentences: [`${event.bytes} bytes of the packet were captured.`], sources: [capturePointSource] };
    default:
      return explainCommonField(event, key);
  }
}
