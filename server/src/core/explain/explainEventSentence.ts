import { agentNotifications } from "../cilium/agentNotifications.js";
import { findCapturePoint } from "../cilium/capturePoints.js";
import { describeDevice } from "../cilium/devices.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import type { L7Event, MonitorEvent, PolicyVerdictEvent, TraceEvent } from "../monitor/event.js";
import { formatAddress } from "../net/address.js";
import { packetDestination, packetKind, packetWords } from "./explainEventPacket.js";

/** The whole event in one sentence. Values of the input stand in it as they are: renderers escape them. */
export function eventSentence(event: MonitorEvent): string {
  switch (event.type) {
    case "trace":
      return traceSentence(event);
    case "drop": {
      const by = event.source === 0 ? "" : ` by the program of endpoint ${event.source}`;
      const code = event.extError ? ` (${event.extError})` : "";
      return `${upper(packetWords(event.headers))} was dropped${by}: ${event.reason}${code}.`;
    }
    case "debug":
      return `The datapath says: ${event.message}.`;
    case "capture": {
      const meaning = findCapturePoint(event.message)?.meaning ?? `${event.message}.`;
      return `A step inside the program of endpoint ${event.source}, with ${packetWords(event.headers)}: ${lower(meaning)}`;
    }
    case "agent":
      return (
        agentNotifications.find(({ subtype }) => subtype === event.subtype)?.meaning ??
        `The agent reports: ${event.subtype}.`
      );
    case "logRecord":
      return recordSentence(event);
    case "policy-verdict":
      return verdictSentence(event);
    case "lost":
      return `The monitor lost ${event.count} ${event.count === 1 ? "event" : "events"} here: what happened meanwhile is not in this capture.`;
  }
}

function traceSentence(event: TraceEvent): string {
  const { headers, ifname } = event;
  const packet = upper(packetWords(headers));
  const device = ifname === undefined ? undefined : (describeDevice(ifname)?.name ?? ifname);
  switch (findObservationPoint(event.observationPoint)?.name) {
    case "from-endpoint": {
      const source = headers?.ip ? ` (${formatAddress(headers.ip.src)})` : "";
      const destination = packetDestination(headers);
      const to = destination ? ` to ${destination}` : "";
      return `Endpoint ${event.source}${source} sent ${packetKind(headers)}${to}; the program on its lxc device has not decided anything yet.`;
    }
    case "to-endpoint":
      return `${packet} passed the ingress policy of endpoint ${event.dstEndpoint} and is delivered to it${device ? ` through ${device}` : ""}.`;
    case "to-proxy":
      return event.dstEndpoint === 0
        ? `${packet} goes back to the L7 proxy of this node, which holds the connection.`
        : `${packet} goes to the L7 proxy of this node on port ${event.dstEndpoint}.`;
    case "to-host":
      return `${packet} is redirected to this node itself${device ? ` by ${device}` : ""}.`;
    case "to-stack": {
      const by = event.source === 0 ? "" : `, by the program of endpoint ${event.source}`;
      return `${packet} is handed to the Linux kernel for routing${by}.`;
    }
    case "to-overlay":
      return `${packet} goes into the tunnel${device ? ` by ${device}` : ""}.`;
    case "to-network":
      return `${packet} leaves the node${device ? ` by ${device}` : " by a native device"}.`;
    case "to-crypto":
      return `${packet} goes to WireGuard to be encrypted.`;
    case "from-network":
      return `${packet} arrived from the wire${device ? ` on ${device}` : ""}.`;
    case "from-overlay":
      return `${packet} came through the tunnel${device ? ` by ${device}` : ""}.`;
    case "from-host":
      return `${packet} was routed out of cilium_host by the kernel and is now looked at by Cilium.`;
    case "from-stack":
      return `${packet} was routed by the kernel to the device of endpoint ${event.source}.`;
    case "from-proxy":
      return `${packet} was sent by the L7 proxy of this node.`;
    case "from-crypto":
      return `${packet} was decrypted by WireGuard.`;
    default:
      return `${packet} was seen at ${event.observationPoint}, a point this reader does not know.`;
  }
}

function verdictSentence(event: PolicyVerdictEvent): string {
  const decided: Readonly<Record<string, string>> = {
    allow: "allowed",
    deny: "denied",
    redirect: "sent to the L7 proxy",
    audit: "let pass in audit mode, though it would be denied,",
  };
  const what = decided[event.action] ?? `answered with ${event.action}`;
  return `The ${event.direction} policy of endpoint ${event.endpoint} ${what} ${packetWords(event.headers)} (match ${event.match}).`;
}

function recordSentence(event: L7Event): string {
  const { record } = event;
  const word = (key: string) => (typeof record[key] === "string" ? record[key] : undefined);
  const kind = word("flowType")?.toLowerCase() ?? "message";
  const verdict = word("verdict");
  return `The L7 proxy handled one ${word("l7Proto") ?? "layer 7"} ${kind}${verdict ? ` (${verdict})` : ""}.`;
}

function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
