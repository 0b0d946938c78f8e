import { agentNotifications } from "../../cilium/agentNotifications.js";
import { findCapturePoint } from "../../cilium/capturePoints.js";
import { describeDevice } from "../../cilium/devices.js";
import { findObservationPoint } from "../../cilium/observationPoints.js";
import type {
  HubbleDetails,
  KernelEvent,
  L7Event,
  MonitorEvent,
  NodeStatusEvent,
  PolicyVerdictEvent,
  SocketEvent,
  TraceEvent,
} from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import { packetDestination, packetKind, packetWords } from "./packetWords.js";

/**
 * The whole event in one sentence, and in a second one what Hubble adds to it. Values of the input stand in it as they are: renderers
 * escape them.
 */
export function eventSentence(event: MonitorEvent): string {
  const sentence = ownSentence(event);
  const added = event.hubble && hubbleSentence(event.hubble);
  return added ? `${sentence} ${added}` : sentence;
}

function ownSentence(event: MonitorEvent): string {
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
      return `A step inside ${event.source === 0 ? "a program" : `the program of endpoint ${event.source}`}, with ${packetWords(event.headers)}: ${lower(meaning)}`;
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
      return `${event.hubble ? "Hubble" : "The monitor"} lost ${event.count} ${event.count === 1 ? "event" : "events"} here: what happened meanwhile is not in this capture.`;
    case "trace-sock":
      return socketSentence(event);
    case "recorder":
      return `The packet recorder caught ${packetWords(event.headers)} on its way ${event.direction === "ingress" ? "in" : "out"}, by its rule ${event.rule}.`;
    case "unknown":
      return `The monitor met an event that it could not show: ${event.message}.`;
    case "node-status":
      return nodeStatusSentence(event);
    case "pwru":
      return kernelSentence(event);
  }
}

function socketSentence({ point, peer, protocol, cookie }: SocketEvent): string {
  const { address, port } = peer;
  const host = address && (address.family === 6 ? `[${formatAddress(address)}]` : formatAddress(address));
  const where =
    host === undefined
      ? `${port === undefined ? "" : `port ${port} of `}a peer whose address is not printed`
      : `${host}${port === undefined ? "" : `:${port}`}`;
  const socket = `The ${protocol ? `${protocol.toUpperCase()} ` : ""}socket${cookie === undefined ? "" : ` ${cookie}`}`;
  return `${socket} ${socketPoints[point] ?? "was looked at by the socket load balancer; its peer is"} ${where}.`;
}

const socketPoints: Readonly<Record<string, string>> = {
  "pre-xlate-fwd": "is to be connected to, or sends to,",
  "post-xlate-fwd": "is connected instead, by the socket load balancer, to",
  "pre-xlate-rev": "got an answer from",
  "post-xlate-rev": "is told that the answer comes from",
};

function nodeStatusSentence({ state, nodes, message }: NodeStatusEvent): string {
  const names = nodes.join(", ") || "a node";
  switch (state) {
    case "NODE_CONNECTED":
      return `From here on flows of ${names} are received.`;
    case "NODE_UNAVAILABLE":
      return `No flows are received of ${names}: what happens there is not in this capture.`;
    case "NODE_GONE":
      return `${names} left the cluster: no flows of it are received from here on.`;
    default:
      return `Hubble Relay reports ${state} for ${names}${message ? `: ${message}` : ""}.`;
  }
}

function kernelSentence(event: KernelEvent): string {
  const packet = upper(packetWords(event.headers));
  const device = event.ifname ?? (event.ifindex ? `interface ${event.ifindex}` : undefined);
  const where = device === undefined ? "" : ` on ${device}`;
  const frees = /^(?:kfree_skb|sk_skb_reason_drop)/.test(event.function);
  if (frees) {
    const why = event.dropReason === undefined ? "" : `: ${event.dropReason}`;
    return `${packet} was dropped by the kernel${where} in ${event.function}${why}.`;
  }
  return `${packet} passed the kernel's function ${event.function}${where}.`;
}

/** Verdict, ends by name, node and time of a Hubble record. */
function hubbleSentence(hubble: HubbleDetails): string {
  const { time, nodeName, verdict, isReply } = hubble;
  const source = hubble.sourcePod ?? hubble.sourceName;
  const destination = hubble.destinationPod ?? hubble.destinationName;
  const ends = `${source ? ` from ${source}` : ""}${destination ? ` to ${destination}` : ""}`;
  const kind = isReply === undefined ? "" : isReply ? ", a reply" : ", no reply";
  const seen = `${nodeName ? ` on ${nodeName}` : ""}${time ? ` at ${time}` : ""}`;
  if (verdict !== undefined)
    return `Hubble has it as ${verdict}${kind}${ends ? `,${ends}` : ""}${seen ? `, seen${seen}` : ""}.`;
  return seen === "" ? "" : `It was seen${seen}.`;
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
  const policy = event.direction === "unknown" ? "The policy" : `The ${event.direction} policy`;
  const endpoint = event.endpoint === 0 && event.hubble ? "" : ` of endpoint ${event.endpoint}`;
  return `${policy}${endpoint} ${what} ${packetWords(event.headers)} (match ${event.match}).`;
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
