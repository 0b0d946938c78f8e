import type { Place } from "../text/span.js";
import type { L7Event } from "./event.js";

const record =
  /^(<-|->|\?\?) (Request|Response|Sample) (\S{1,40}) (?:from|to) (\d{1,10}) \(\[([^\]]{0,4000})\]\) (?:to|from) (\d{1,10}) \(\[([^\]]{0,4000})\]\), identity (\d{1,10})->(\d{1,10}), verdict (\w{1,32})(?: (.*))?$/;

/**
 * A message of the L7 proxy as text (pkg/monitor/logrecord.go: DumpInfo), in the keys of its JSON. In responses too the first end is
 * the one that sent the request. What stands behind the verdict stays as it is, under its protocol's key.
 */
export function readRecord(line: string, place: Place): L7Event | undefined {
  const found = record.exec(line);
  if (!found) return undefined;
  const [
    ,
    arrow,
    flowType,
    l7Proto = "",
    srcEpID,
    src = "",
    dstEpID,
    dst = "",
    srcIdentity,
    dstIdentity,
    verdict,
    rest,
  ] = found;
  return {
    type: "logRecord",
    place,
    record: {
      type: "logRecord",
      observationPoint: arrow === "<-" ? "Ingress" : "Egress",
      flowType,
      l7Proto,
      srcEpID: Number(srcEpID),
      srcEpLabels: src.split(" ").filter((label) => label !== ""),
      dstEpID: Number(dstEpID),
      dstEpLabels: dst.split(" ").filter((label) => label !== ""),
      srcIdentity: Number(srcIdentity),
      dstIdentity: Number(dstIdentity),
      verdict,
      ...(rest !== undefined && { text: rest }),
    },
  };
}
