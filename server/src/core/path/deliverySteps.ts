import type { Packet } from "../capture/packet.js";
import { findCapturePoint } from "../cilium/capturePoints.js";
import type { CaptureEvent, MonitorEvent, PacketEvent, PacketHeaders } from "../monitor/event.js";
import { formatAddress } from "../net/address.js";
import type { Witness } from "./witness.js";

/** Code of the step at which a program hands a packet on (bpf/lib/dbg.h: DBG_CAPTURE_DELIVERY). */
const delivery = 4;

/** Addresses, ports and kind of a packet, and the file that shows it. */
function nameOf({ place, headers }: PacketEvent | CaptureEvent): string | undefined {
  const { ip, l4 }: PacketHeaders = headers ?? {};
  if (!ip || !l4) return undefined;
  const kind = "sport" in l4 ? `${l4.sport} ${l4.dport}` : l4.typeCode;
  return `${place.file} ${formatAddress(ip.src)} ${formatAddress(ip.dst)} ${l4.protocol} ${kind}`;
}

/**
 * The debug events that show a program handing on a packet which its own events show no further: old versions report that step only (Cilium until
 * 0.11). One that comes behind another packet of the same kind is that one's.
 */
export function deliverySteps(events: Iterable<MonitorEvent>): (packet: Packet) => Witness | undefined {
  const next = new Map<PacketEvent, CaptureEvent>();
  const open = new Map<string, PacketEvent>();
  for (const event of events) {
    const isStep = event.type === "capture" && findCapturePoint(event.message)?.code === delivery;
    if (!isStep && event.type !== "trace" && event.type !== "drop") continue;
    const name = nameOf(event);
    if (name === undefined) continue;
    const before = open.get(name);
    if (event.type !== "capture") open.set(name, event);
    else if (before) {
      next.set(before, event);
      open.delete(name);
    }
  }
  return (packet) => {
    const last = packet.events.at(-1)?.event;
    const event = last && next.get(last);
    return event && { type: "delivery", event };
  };
}
