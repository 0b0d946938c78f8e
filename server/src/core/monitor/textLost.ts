import type { Place } from "../text/span.js";
import type { LostEvent } from "./event.js";

const lost = /^(?:Unknown payload type: \d{1,3}, )?CPU (\d{1,5}): Lost (\d{1,15}) events$/;

/** `CPU 03: Lost 42 events` (pkg/monitor/format/format.go): the perf ring of that CPU overran. */
export function readLost(line: string, place: Place): LostEvent | undefined {
  const found = lost.exec(line);
  return found ? { type: "lost", place, cpu: Number(found[1]), count: Number(found[2]) } : undefined;
}
