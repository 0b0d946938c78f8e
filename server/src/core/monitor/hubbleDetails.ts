import type { HubbleDetails } from "./event.js";
import { recordOf, textOf } from "./jsonValues.js";

type Flow = Readonly<Record<string, unknown>>;

/** What a flow tells beyond the monitor's message. `outer` is what its record tells of it. */
export function hubbleDetails(flow: Flow, outer: HubbleDetails): HubbleDetails {
  const time = textOf(flow.time) ?? outer.time;
  const nodeName = textOf(flow.node_name) ?? outer.nodeName;
  const word = textOf(flow.verdict);
  const sourcePod = pod(recordOf(flow.source));
  const destinationPod = pod(recordOf(flow.destination));
  const sourceName = otherName(flow.source_service, flow.source_names);
  const destinationName = otherName(flow.destination_service, flow.destination_names);
  const direction = textOf(flow.traffic_direction);
  // Until 1.10 a flow had `reply` alone, which protobuf leaves out where it is false.
  const isReply = typeof flow.is_reply === "boolean" ? flow.is_reply : flow.reply === true ? true : undefined;
  return {
    ...(time !== undefined && { time }),
    ...(nodeName !== undefined && { nodeName }),
    ...(word !== undefined && { verdict: word }),
    ...(isReply !== undefined && { isReply }),
    ...(sourcePod !== undefined && { sourcePod }),
    ...(destinationPod !== undefined && { destinationPod }),
    ...(sourceName !== undefined && { sourceName }),
    ...(destinationName !== undefined && { destinationName }),
    ...((direction === "INGRESS" || direction === "EGRESS") && {
      trafficDirection: direction === "INGRESS" ? "ingress" : "egress",
    }),
  };
}

/** A service, else DNS names. */
function otherName(service: unknown, names: unknown): string | undefined {
  const { name, namespace } = recordOf(service);
  const known = textOf(name);
  if (known) return textOf(namespace) ? `${textOf(namespace)}/${known}` : known;
  const domains = Array.isArray(names) ? names.filter((domain) => typeof domain === "string") : [];
  return domains.length > 0 ? domains.join(",") : undefined;
}

function pod(end: Flow): string | undefined {
  const name = textOf(end.pod_name);
  const namespace = textOf(end.namespace);
  return name === undefined || namespace === undefined ? name : `${namespace}/${name}`;
}
