import type { CaseNode } from "../../case/case.js";
import { fibOf } from "../../fib/fibOf.js";
import { type SourceDrop, validateSource } from "../../fib/validateSource.js";
import { flowAtRouting } from "../../path/flowAtRouting.js";
import { flowOf } from "../../path/routedPacket.js";
import type { Trace } from "../../path/trace.js";
import { weighsOn } from "../shadowing/weighsOn.js";
import { isAnswered, isWhole, type Received } from "./receivedPackets.js";
import { type SourceRefusal, settingsOf } from "./sourceRefusal.js";

/** The low bits that mark a packet for the L7 proxy; the upper 16 are its port (bpf/lib/common.h: MARK_MAGIC_TO_PROXY, 1.14 to 1.19). */
const toProxy = 0x200;

/** A packet that Cilium hands to its proxy through the kernel's stack: it comes in by the pod's device, with the proxy's fwmark. */
function redirected(node: CaseNode, trace: Trace): Received | undefined {
  const { context } = node;
  const { packet } = trace;
  const last = packet.events.at(-1)?.event;
  const device = last && context.endpointWithId(packet.file, last.source)?.device;
  const ip = last?.headers?.ip;
  if (last?.type !== "trace" || last.observationPoint !== "to-proxy" || !ip || device === undefined) return undefined;
  const routed = ip.dst.family === 4 ? flowAtRouting(context, packet, last, ip.dst) : undefined;
  if (!routed || isAnswered(node, trace)) return undefined;
  const fwmark = ((last.dstEndpoint << 16) | toProxy) >>> 0;
  return {
    packet: { ...flowOf(routed), src: ip.src, iif: device, fwmark, leavesBy: null },
    place: last.place,
    fate: isWhole(node, packet.file) ? "vanished" : "unseen",
  };
}

/** The settings that decide. An own source is one by src_valid_mark: the way back is looked up with the proxy's fwmark. */
function settingNames(reason: SourceDrop): string[] {
  return reason === "own-source" ? ["src_valid_mark", "accept_local"] : ["rp_filter"];
}

/**
 * Packets that are handed to the proxy and refused on the way: by rp_filter, or because with src_valid_mark the way back is looked up with the proxy's fwmark,
 * and the rule for it finds every address to be the node's own. One refusal for each device.
 */
export function proxyRefusals(node: CaseNode): SourceRefusal[] {
  const { state } = node;
  const byDevice = new Map<string, SourceRefusal>();
  for (const trace of node.traces) {
    const received = redirected(node, trace);
    if (!received) continue;
    const { iif } = received.packet;
    const known = byDevice.get(iif);
    if (known) {
      byDevice.set(iif, { ...known, received: [...known.received, received] });
      continue;
    }
    const validation = validateSource(fibOf(state, 4), received.packet);
    if (validation.type !== "drop") continue;
    byDevice.set(iif, {
      device: iif,
      received: [received],
      validation,
      settings: settingNames(validation.reason).flatMap((name) => settingsOf(state, iif, name)),
      premises: validation.assumptions.filter(weighsOn).map(({ text }) => text),
    });
  }
  return [...byDevice.values()];
}
