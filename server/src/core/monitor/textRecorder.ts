import type { Place } from "../text/span.js";
import type { RecorderEvent } from "./event.js";

const recorder =
  /^Recorder capture: dir:(ingress|egress) rule:(\d{1,5}) ts:(\d{1,20}) caplen:(\d{1,10}) len:(\d{1,10})$/;

/**
 * The header line of a packet that the packet recorder caught; its layers stand below it, then four dashes
 * (pkg/monitor/datapath_recorder.go, 1.10 to 1.18): `Recorder capture: dir:egress rule:1 ts:123456 caplen:64 len:98`.
 */
export function readRecorder(line: string, place: Place): RecorderEvent | undefined {
  const found = recorder.exec(line);
  if (!found) return undefined;
  const [, direction, rule, time = "0", captured, bytes] = found;
  return {
    type: "recorder",
    place,
    direction: direction === "ingress" ? "ingress" : "egress",
    rule: Number(rule),
    time: BigInt(time),
    captured: Number(captured),
    bytes: Number(bytes),
  };
}
