import type {
  HubbleDetails,
  KernelEvent,
  MonitorEvent,
  PacketHeaders,
} from "../../../server/src/core/monitor/event.js";
import { formatAddress } from "../../../server/src/core/net/address.js";

/** An event on one line, for drawn expectations: `trace from-network eth0 hash 0xc1d6 ...`. Says all that was decoded. */
export function eventLine(event: MonitorEvent): string {
  const words: (string | number | undefined)[] = [event.type, event.cpu === undefined ? undefined : `cpu ${event.cpu}`];
  switch (event.type) {
    case "trace":
      words.push(
        event.observationPoint,
        `state ${event.state ?? "-"}`,
        `dev ${event.ifname ?? "-"}`,
        `"${event.summary}"`,
      );
      break;
    case "drop":
      words.push(
        `"${event.reason}"`,
        `ext ${event.extError ?? "-"}`,
        `ifindex ${event.ifindex ?? "-"}`,
        `file ${event.bpfFile ?? "-"}:${event.bpfLine ?? "-"}`,
      );
      break;
    case "capture":
      words.push(`"${event.message}"`, `"${event.prefix ?? "-"}"`);
      break;
    case "debug":
      words.push(`"${event.message}"`);
      break;
    case "agent":
      words.push(`"${event.subtype}"`, JSON.stringify(event.message));
      break;
    case "logRecord":
      words.push(JSON.stringify(event.record));
      break;
    case "policy-verdict":
      words.push(
        `endpoint ${event.endpoint}`,
        `remote ${event.remoteIdentity}`,
        event.direction,
        event.action,
        `match ${event.match}`,
        `auth ${event.auth ?? "-"}`,
      );
      break;
    case "lost":
      words.push(event.count, event.source);
      break;
    case "trace-sock": {
      const { address, port } = event.peer;
      words.push(
        event.point,
        `cgroup ${event.cgroupId ?? "-"} cookie ${event.cookie ?? "-"}`,
        `peer ${address ? formatAddress(address) : "-"} port ${port ?? "-"} ${event.protocol ?? "-"}`,
      );
      break;
    }
    case "recorder":
      words.push(event.direction, `rule ${event.rule} time ${event.time} captured ${event.captured}`);
      break;
    case "unknown":
      words.push(`type ${event.messageType ?? "-"} "${event.message}"`);
      break;
    case "node-status":
      words.push(
        event.state,
        `[${event.nodes.join(" ")}]`,
        event.message === undefined ? undefined : `"${event.message}"`,
      );
      break;
    case "pwru":
      words.push(...kernelWords(event));
  }
  if ("flowHash" in event && event.flowHash !== undefined) words.push(`hash ${event.flowHash.toString(16)}`);
  if ("source" in event && event.type !== "lost") words.push(`source ${event.source}`);
  if ("bytes" in event) words.push(`bytes ${event.bytes}`);
  if ("srcIdentity" in event) words.push(`identity ${event.srcIdentity}->${event.dstIdentity} to ${event.dstEndpoint}`);
  if ("encrypted" in event && event.encrypted) words.push("encrypted");
  if ("origIp" in event && event.origIp) words.push(`before NAT ${formatAddress(event.origIp)}`);
  if ("ipTraceId" in event) words.push(`trace id ${event.ipTraceId}`);
  if (event.hubble) words.push(hubbleWords(event.hubble));
  if ("headers" in event && event.headers) words.push(headersLine(event.headers));
  return words.filter((word) => word !== undefined).join(" ");
}

function kernelWords(event: KernelEvent): string[] {
  const fwmark = event.fwmark === undefined ? "-" : event.fwmark.toString(16);
  return [
    `${event.function} ${event.dropReason ?? "-"} ${event.hook ?? "-"} caller ${event.caller ?? "-"}`,
    `skb ${event.skb} by ${event.process ?? "-"} at ${event.time ?? "-"}`,
    `netns ${event.netns ?? "-"} ${event.netnsName ?? "-"} fwmark ${fwmark}`,
    `dev ${event.ifname ?? "-"} ${event.ifindex ?? "-"} mtu ${event.mtu ?? "-"}`,
  ];
}

/** What Hubble adds, in braces: `{FORWARDED reply n1/pod > n2/pod on node at time}`. */
function hubbleWords(hubble: HubbleDetails): string {
  const { verdict, isReply, sourcePod, sourceName, destinationPod, destinationName, nodeName, time } = hubble;
  const reply = isReply === undefined ? "unknown" : isReply ? "reply" : "request";
  const from = sourcePod ?? (sourceName === undefined ? "-" : `name ${sourceName}`);
  const to = destinationPod ?? (destinationName === undefined ? "-" : `name ${destinationName}`);
  const direction = hubble.trafficDirection === undefined ? "" : ` ${hubble.trafficDirection}`;
  return `{${verdict ?? "-"} ${reply}${direction} ${from} > ${to} on ${nodeName ?? "-"} at ${time ?? "-"}}`;
}

/** Headers on one line: layers separated by `|`, a tunnel's outer ones in brackets. What not every format has stands behind only if it does. */
export function headersLine({ ethernet, arp, ip, l4, tunnel }: PacketHeaders): string {
  const layers: string[] = [];
  const known = (name: string, value: number | undefined) => (value === undefined ? "" : ` ${name} ${value}`);
  if (ethernet) layers.push(`${ethernet.src ?? "-"} > ${ethernet.dst ?? "-"} ${ethernet.type ?? "-"}`);
  if (arp) layers.push(`arp ${arp.operation} ${formatAddress(arp.sender)} > ${formatAddress(arp.target)}`);
  if (ip) {
    const fragment = `${ip.fragmentOffset ? ` offset ${ip.fragmentOffset}` : ""}${ip.moreFragments ? " more" : ""}${ip.dontFragment ? " df" : ""}`;
    layers.push(
      `${formatAddress(ip.src)} > ${formatAddress(ip.dst)} ttl ${ip.ttl ?? "-"} id ${ip.id ?? "-"} tos ${ip.tos ?? "-"} ${ip.protocol ?? "-"}${known("length", ip.length)}${known("label", ip.flowLabel)}${fragment}`,
    );
  }
  if (l4 && "sport" in l4) {
    const more =
      l4.protocol === "tcp"
        ? ` seq ${l4.seq ?? "-"} ack ${l4.ack ?? "-"} ${l4.flags.join("+") || "no flags"}${known("window", l4.window)}`
        : l4.protocol === "udp"
          ? known("length", l4.length)
          : known("tag", l4.verificationTag);
    layers.push(`${l4.protocol} ${l4.sport} > ${l4.dport}${more}`);
  } else if (l4) {
    const mtu = l4.mtu === undefined ? "" : ` mtu ${l4.mtu}`;
    const gateway = l4.gateway === undefined ? "" : ` gateway ${formatAddress(l4.gateway)}`;
    layers.push(`${l4.protocol} ${l4.typeCode} id ${l4.id ?? "-"} seq ${l4.seq ?? "-"}${mtu}${gateway}`);
    if (l4.about) layers.push(`about (${headersLine(l4.about)})`);
  }
  if (tunnel) layers.push(`[${tunnel.protocol ?? "-"} vni ${tunnel.vni ?? "-"} | ${headersLine(tunnel)}]`);
  return layers.join(" | ");
}
