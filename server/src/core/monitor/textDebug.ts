import type { Place } from "../text/span.js";
import type { DebugEvent } from "./event.js";

const debug = /^CPU (\d{1,5}): MARK (0x[0-9a-f]{1,8}) FROM (\d{1,5}) DEBUG: (?:\d{1,10} bytes,? )?(.*)$/;

/** A debug message as `-v` prints it (pkg/monitor/datapath_debug.go: Dump); unlike JSON, it names hash and endpoint. */
export function readDebug(line: string, place: Place): DebugEvent | undefined {
  const found = debug.exec(line);
  if (!found) return undefined;
  const [, cpu, hash = "", source, message = ""] = found;
  return {
    type: "debug",
    place,
    cpu: Number(cpu),
    flowHash: Number.parseInt(hash, 16),
    source: Number(source),
    message,
  };
}
