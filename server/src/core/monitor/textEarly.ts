import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { DropEvent, TraceEvent } from "./event.js";

const endpoint = /^(<-|->) endpoint (\d{1,5}), identity (\d{1,10}): (.*)$/;
const forward =
  /^-> forward \((Policy|Reply connection|Established connection|Related connection)\), at To endpoint, to endpoint (\d{1,5}), identity (\d{1,10})->(\d{1,10}): (.*)$/;
const drop = /^drop \[ifindex (\d{1,10}) \/ endpoint (\d{1,5})\] \(([^()]{1,100})\)$/;

const states: Readonly<Record<string, string>> = {
  Policy: "new",
  "Reply connection": "reply",
  "Established connection": "established",
  "Related connection": "related",
};

/**
 * The shapes of before 1.0: `drop [ifindex 7 / endpoint 71] (Policy denied)` (2016), `<- endpoint 71, identity 257: A -> B EchoRequest`
 * (0.11), where the identity is the endpoint's own, and `-> forward (Policy), at To endpoint, to endpoint 71, identity 1->2: ...`
 * (release candidates of 1.0).
 */
export function readEarly(line: string, place: Place): TraceEvent | DropEvent | undefined {
  return readEndpoint(line, place) ?? readForward(line, place) ?? readDrop(line, place);
}

const unsaid = { flowHash: 0, source: 0, bytes: 0, srcIdentity: 0, dstIdentity: 0, dstEndpoint: 0 } as const;

function readEndpoint(line: string, place: Place): TraceEvent | undefined {
  const found = endpoint.exec(line);
  if (!found) return undefined;
  const [, arrow, id, identity, connection = ""] = found;
  const headers = parseConnection(connection);
  const ends =
    arrow === "<-"
      ? { observationPoint: "from-endpoint", source: Number(id), srcIdentity: Number(identity) }
      : { observationPoint: "to-endpoint", dstEndpoint: Number(id), dstIdentity: Number(identity) };
  return { type: "trace", place, ...unsaid, ...ends, summary: `${arrow} endpoint ${id}`, ...(headers && { headers }) };
}

function readForward(line: string, place: Place): TraceEvent | undefined {
  const found = forward.exec(line);
  if (!found) return undefined;
  const [, why = "", id, src, dst, connection = ""] = found;
  const headers = parseConnection(connection);
  const state = states[why];
  return {
    type: "trace",
    place,
    ...unsaid,
    observationPoint: "to-endpoint",
    summary: `-> endpoint ${id}`,
    ...(state !== undefined && { state }),
    srcIdentity: Number(src),
    dstIdentity: Number(dst),
    dstEndpoint: Number(id),
    ...(headers && { headers }),
  };
}

function readDrop(line: string, place: Place): DropEvent | undefined {
  const found = drop.exec(line);
  if (!found) return undefined;
  const [, ifindex, id, reason = ""] = found;
  return { type: "drop", place, ...unsaid, source: Number(id), reason, ifindex: Number(ifindex) };
}
