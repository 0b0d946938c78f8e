import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { CaptureEvent, DebugEvent, DropEvent, TraceEvent } from "./event.js";

const endpoint = /^(<-|->) endpoint (\d{1,5}), identity (\d{1,10}): (.*)$/;
const forward =
  /^-> forward \((Policy|Reply connection|Established connection|Related connection)\), at To endpoint, to endpoint (\d{1,5}), identity (\d{1,10})->(\d{1,10}): (.*)$/;
const device = /^(<-|->) (netdev|overlay|ifindex) (\d{1,10}): (.*)$/;
const container = /^from \[container (\d{1,10}) \/ endpoint (\d{1,5})\]$/;
const delivery = /^from \[endpoint (\d{1,5})\] > \[ifindex (\d{1,10})\]$/;
const local = /^from \[seclabel (\d{1,10})\] > \[container (\d{1,5})\]$/;
const drop = /^drop \[ifindex (\d{1,10}) \/ endpoint (\d{1,5})\] \(([^()]{1,100})\)$/;

const states: Readonly<Record<string, string>> = {
  Policy: "new",
  "Reply connection": "reply",
  "Established connection": "established",
  "Related connection": "related",
};

/**
 * The shapes of before 1.0. Of 2017: `drop [ifindex 7 / endpoint 71] (Policy denied)`, `from [container 7 / endpoint 71]`. Of 0.11
 * (pkg/bpfdebug/debug.go): `<- endpoint 71, identity 257: A -> B EchoRequest`, where the identity is the endpoint's own,
 * `<- netdev 2: ...`, `-> ifindex 0: ...`. Of release candidates of 1.0:
 * `-> forward (Policy), at To endpoint, to endpoint 71, identity 1->2: ...`.
 */
export function readEarly(line: string, place: Place): TraceEvent | DropEvent | CaptureEvent | DebugEvent | undefined {
  return readEndpoint(line, place) ?? readDevice(line, place) ?? readForward(line, place) ?? readBrackets(line, place);
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

/** What was printed at the points of debug captures, in the words that JSON has for them since. */
function readDevice(line: string, place: Place): CaptureEvent | undefined {
  const [, arrow, kind = "", index = "", summary = ""] = device.exec(line) ?? [];
  const headers = parseConnection(summary);
  if (arrow === undefined || !headers || (arrow === "<-" && kind === "ifindex")) return undefined;
  const message = arrow === "<-" ? `Incoming packet from ${kind} ifindex ${index}` : `Delivery to ifindex ${index}`;
  return { ...captured(place, message, 0), prefix: `${arrow} ${kind} ${index}`, summary, headers };
}

function captured(place: Place, message: string, source: number): CaptureEvent {
  return { type: "capture", place, flowHash: 0, source, bytes: 0, message };
}

function readBrackets(line: string, place: Place): DropEvent | CaptureEvent | DebugEvent | undefined {
  const [, ifindex, sender] = container.exec(line) ?? [];
  if (ifindex !== undefined)
    return captured(place, `Incoming packet from container ifindex ${ifindex}`, Number(sender));
  const [, id, to] = delivery.exec(line) ?? [];
  if (id !== undefined) return captured(place, `Delivery to ifindex ${to}`, Number(id));
  const [, identity, receiver] = local.exec(line) ?? [];
  if (identity === undefined) return readDrop(line, place);
  const message = `Attempting local delivery for container id ${receiver} from seclabel ${identity}`;
  return { type: "debug", place, message };
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
