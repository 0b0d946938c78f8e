import type { Packet } from "../capture/packet.js";
import type { PathContext } from "./pathContext.js";
import { deliversLocally, egressDevices } from "./settleDecision.js";
import type { Disposition, Hop } from "./trace.js";

/** How often one observation point may see a packet on one node (a NodePort packet passes `to-network` twice); more is a loop. */
const sightingsWithoutLoop = 2;

function isLooping(packet: Packet): boolean {
  const sightings = new Map<string, number>();
  return packet.events.some(({ event }) => {
    if (event.type !== "trace") return false;
    const count = (sightings.get(event.observationPoint) ?? 0) + 1;
    sightings.set(event.observationPoint, count);
    return count > sightingsWithoutLoop;
  });
}

/**
 * How a walk ended.
 *
 * @param forLocalPod whether the packet's final destination is an endpoint of this node
 */
export function dispositionOf(
  context: PathContext,
  packet: Packet,
  hops: readonly Hop[],
  forLocalPod: boolean,
): Disposition {
  const last = packet.events.at(-1)?.event;
  if (!last) return { type: "insufficient-information", missing: "no event shows this packet" };
  if (last.type === "drop") return { type: "dropped", reason: last.reason };
  if (isLooping(packet)) return { type: "looping" };
  const routed = hops.flatMap(({ steps }) => steps).findLast((step) => step.type === "routed");
  switch (last.observationPoint) {
    case "to-endpoint":
    case "to-host":
    case "to-proxy":
      return { type: "delivered" };
    case "to-overlay":
      return { type: "sent" };
    case "to-network": {
      if (!forLocalPod) return { type: "sent" };
      const seenDevice = hops.findLast(({ place }) => place === "to-network")?.device;
      const device = seenDevice ?? (routed && egressDevices(routed.decision)[0]);
      return { type: "wrong-device", ...(device === undefined ? {} : { device }) };
    }
  }
  if (routed && deliversLocally(routed.decision)) return { type: "delivered" };
  if (routed?.decision.type === "error") return { type: "dropped", reason: routed.decision.error };
  if (!context.wholeCaptures.has(packet.file)) {
    return { type: "insufficient-information", missing: "this capture does not show every event" };
  }
  return { type: "lost-in-kernel" };
}
