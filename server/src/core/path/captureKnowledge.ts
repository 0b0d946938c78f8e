import type { LostEvent, MonitorEvent } from "../monitor/event.js";
import type { Place } from "../text/span.js";

/** What a capture tells about how much it shows. */
export interface CaptureKnowledge {
  readonly file: string;
  /**
   * `none`: every program reports every packet. `some`: receive points are hidden, and of a connection only the first packets are
   * reported, and one now and then. `unknown`: no trace event tells.
   */
  readonly aggregation: "none" | "some" | "unknown";
  /** The event that shows it. */
  readonly aggregationPlace?: Place;
  /** Where the monitor says that events are missing, in the order of the file. */
  readonly losses: readonly LostEvent[];
  /** The observation points that it shows any packet at. Native devices without programs show none, and a filter may hide others. */
  readonly points: ReadonlySet<string>;
  /** Where the last event about a packet starts; -1 if there is none. */
  readonly end: number;
}

/**
 * What the events of one capture tell about its completeness. Receive points (`from-*`) report only where monitor aggregation is `none`;
 * every other level hides them (Cilium 1.19, bpf/lib/trace.h: emit_trace_notify; pkg/option/monitor.go).
 */
export function captureKnowledge(file: string, events: Iterable<MonitorEvent>): CaptureKnowledge {
  const losses: LostEvent[] = [];
  let received: Place | undefined;
  let handedOver: Place | undefined;
  const points = new Set<string>();
  let end = -1;
  for (const event of events) {
    if (event.type === "lost") losses.push(event);
    if (event.type === "trace" || event.type === "drop") end = event.place.start;
    if (event.type !== "trace") continue;
    if (event.observationPoint.startsWith("from-")) received ??= event.place;
    else handedOver ??= event.place;
    points.add(event.observationPoint);
  }
  const aggregationPlace = received ?? handedOver;
  return {
    file,
    aggregation: received ? "none" : handedOver ? "some" : "unknown",
    ...(aggregationPlace ? { aggregationPlace } : {}),
    losses,
    points,
    end,
  };
}
