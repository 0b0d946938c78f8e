import { findCapturePoint } from "../../cilium/capturePoints.js";
import { findDebugMessage } from "../../cilium/debugMessages.js";
import type { DebugEvent } from "../../monitor/event.js";
import { explainFlowHash, explainReporter } from "./explainCommonField.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

/** The fields of debug messages (DebugMsg.getJSON, pkg/monitor/datapath_debug.go). */
export function explainDebugField(event: DebugEvent, field: EventField): FieldExplanation | undefined {
  const [key] = field.path;
  if (key === "mark") return explainFlowHash(event.flowHash ?? 0);
  if (key === "source") return explainReporter(event.source ?? 0);
  if (key !== "message") return undefined;
  const known = findDebugMessage(event.message);
  // Before 1.0, captures were printed as debug messages.
  const meaning = known?.meaning ?? findCapturePoint(event.message)?.meaning;
  return {
    sentences: [meaning ?? "A message of a BPF program that is not known here."],
    facts: known ? [{ name: "message", text: known.name }, ...readValues(event.message)] : [],
    notes:
      event.flowHash !== undefined
        ? []
        : [
            "Debug messages in JSON name neither packet nor endpoint: only their place between other events of the same CPU tells what they belong to.",
          ],
    sources: ["pkg/monitor/datapath_debug.go and bpf/lib/dbg.h, Cilium 1.7 to 1.19"],
  };
}

/** A node's address is printed as a number in some messages: `Encapsulating to node 3232300837 (0xc0a8ff25)`. */
function readValues(message: string): { readonly name: string; readonly text: string }[] {
  const node = /^Encapsulating to node (\d{1,10}) /.exec(message)?.[1];
  if (node === undefined || Number(node) > 0xffffffff) return [];
  const bits = Number(node);
  const address = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
  return [{ name: "node", text: `${address}, the tunnel's other end` }];
}
