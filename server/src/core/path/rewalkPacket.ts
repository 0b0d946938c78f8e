import type { NodeState } from "../state/nodeState.js";
import type { DatapathPlaceId } from "./datapathPlaces.js";
import { finalDestination, firstForwarding } from "./flowAtRouting.js";
import type { PathContext } from "./pathContext.js";
import { lookupRouted } from "./routedPacket.js";
import { deliversLocally, egressDevices } from "./settleDecision.js";
import type { Hop, Trace } from "./trace.js";
import { waysBetween } from "./ways.js";

/** Where a packet goes on after a routing decision, in a node set up for endpoints behind cilium_host or behind their own devices. */
function goalOf(
  devices: readonly string[],
  local: boolean,
  endpointDevice: string | undefined,
): DatapathPlaceId | undefined {
  if (local) return "host-process";
  const [device] = devices;
  if (device === undefined) return undefined;
  return device === "cilium_host" || device === endpointDevice ? "pod" : "wire";
}

/**
 * Walks a packet again under another state of the node: as observed up to its routing decision, which is looked up anew, and from there
 * the way the answer leads. A simulation: no event shows the hops behind the decision. `undefined` where the packet was never routed.
 */
export function rewalkPacket(context: PathContext, trace: Trace, state: NodeState): Trace | undefined {
  const { packet } = trace;
  const flow = firstForwarding(context, packet);
  const routing = trace.hops.findIndex(({ place }) => place === "routing");
  if (!flow || routing < 0) return undefined;
  const decision = lookupRouted(state, flow);
  const destination = finalDestination(context, packet);
  const endpoint = destination && context.endpointAt(packet.file, destination);
  const devices = egressDevices(decision);
  const goal = goalOf(devices, deliversLocally(decision), endpoint?.device);
  const decided: Hop = { place: "routing", steps: [{ type: "routed", decision }] };
  const soFar = [...trace.hops.slice(0, routing), decided];
  if (goal === undefined) {
    const reason = decision.type === "error" ? decision.error : "no-route";
    return { packet, hops: soFar, disposition: { type: "dropped", reason }, expected: undefined, parting: undefined };
  }
  const [device] = devices;
  const goalKind = goal === "pod" ? "local-pod" : goal === "wire" ? "elsewhere" : "host";
  const facts = {
    ...context.facts,
    destination: goalKind,
    endpointRoutes: device !== "cilium_host",
    encryption: "none",
  } as const;
  const onward = (waysBetween("routing", goal, facts, "any")[0]?.places ?? ["routing", goal])
    .slice(1)
    .map((place): Hop => {
      const atDevice = place === "from-host" || place === "from-stack" || place === "to-network";
      const ofEndpoint = endpoint !== undefined && (place === "to-endpoint" || place === "pod");
      return {
        place,
        ...(atDevice && device !== undefined ? { device } : {}),
        ...(place === "to-endpoint" && endpoint?.device !== undefined ? { device: endpoint.device } : {}),
        ...(ofEndpoint ? { endpoint: endpoint.id } : {}),
        steps: [],
      };
    });
  const wrong = endpoint !== undefined && goal !== "pod";
  return {
    packet,
    hops: [...soFar, ...onward],
    disposition: wrong
      ? { type: "wrong-device", ...(device === undefined ? {} : { device }) }
      : { type: goal === "wire" ? "sent" : "delivered" },
    expected: wrong ? trace.expected : undefined,
    parting: wrong ? trace.parting : undefined,
  };
}
