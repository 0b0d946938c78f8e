import type { CaseNode } from "../../case/case.js";
import type { MonitorEvent } from "../../monitor/event.js";
import type { CaptureKnowledge } from "../../path/captureKnowledge.js";
import { fieldPlace } from "../fieldPlace.js";
import type { Finding, FindingKind } from "../finding.js";

/** Fewer packets handed over may have been received before the capture began, or stand in a few lines that somebody picked out. */
const handedOverAtLeast = 3;

/** Points at which a program hands over a packet that it, or one before it, must have received. */
const handOverPoints: ReadonlySet<string> = new Set(["to-stack", "to-overlay", "to-proxy", "to-host", "to-network"]);

function handsOver(event: MonitorEvent): boolean {
  return event.type === "trace" && handOverPoints.has(event.observationPoint);
}

function findingFor(node: CaseNode, { file, aggregation }: CaptureKnowledge): Finding | undefined {
  if (aggregation !== "some") return undefined;
  const handedOver = node.files.find((read) => read.file === file)?.events.filter(handsOver) ?? [];
  const [first] = handedOver;
  if (!first || handedOver.length < handedOverAtLeast) return undefined;
  return {
    code: "aggregated-capture",
    severity: "hint",
    confidence: "likely",
    place: fieldPlace(node, first.place, "observationPoint"),
    message:
      "Packets are handed over in this capture, and none is received: it was taken with monitor aggregation, which hides the `from-` points and most packets of a connection. What is not seen here may have happened. `cilium config MonitorAggregationLevel=none` on the node makes the next capture whole.",
    related: [],
    data: { code: "aggregated-capture", file },
  };
}

/** The capture was taken with monitor aggregation. */
export const aggregatedCapture: FindingKind = {
  code: "aggregated-capture",
  defaultSeverity: "hint",
  meaning:
    "The capture was taken with monitor aggregation, as is the default: a missing event is no evidence in it. Once for each file.",
  silentWhen: [
    "An event at a `from-` point shows that aggregation was off.",
    `Fewer than ${handedOverAtLeast} packets are handed over, so that their receipt may just not be in the file.`,
  ],
  example: `-> stack flow 0x0 , identity 4711->world state new ... 10.3.1.83:40000 -> 192.0.2.7:80 tcp SYN
   (and never a line that begins with "<-")`,
  check: (node: CaseNode) => node.context.captures.flatMap((capture) => findingFor(node, capture) ?? []),
};
