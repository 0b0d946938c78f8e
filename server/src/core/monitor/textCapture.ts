import type { Place } from "../text/span.js";
import { parseConnection } from "./connection.js";
import type { CaptureEvent } from "./event.js";

const capture = /^((?:->|<-|==) (?:proxy port |load-balancer |v4->v6 |v6->v4 )?)([\w.@-]{1,32}): (\S.*)$/;

/** The message that JSON has for a capture, by the words in which its text line begins (pkg/monitor/datapath_debug.go: DumpInfo). */
const messages: Readonly<Record<string, string>> = {
  "-> ": "Delivery to ifindex",
  "<- load-balancer ": "Incoming packet to load balancer on ifindex",
  "== v4->v6 ": "Packet after nat46 ifindex",
  "== v6->v4 ": "Packet after nat64 ifindex",
  "-> proxy port ": "Packet to proxy port",
};

/** A capture as one line of text: `-> lxc1: 10.1.0.7:80 -> 192.0.2.9:4242 tcp ACK`, where `-> 0` is the host's stack. */
export function readCaptureLine(line: string, place: Place): CaptureEvent | undefined {
  const [, words = "", device = "", summary = ""] = capture.exec(line) ?? [];
  const message = messages[words];
  const headers = parseConnection(summary);
  // Prose may begin with an arrow as well: only what ends like a connection is one.
  if (message === undefined || !headers) return undefined;
  return {
    type: "capture",
    place,
    flowHash: 0,
    source: 0,
    bytes: 0,
    message: `${message} ${device}${words.includes("proxy") ? " (Post)" : ""}`,
    prefix: `${words}${device}`,
    summary,
    headers,
  };
}
