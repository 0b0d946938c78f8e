import { exampleOfClass } from "../fib/addressClasses.js";
import type { Decision } from "../fib/decision.js";
import { wordsForDecision } from "../fib/decisionWords.js";
import { fibOf } from "../fib/fibOf.js";
import { type Flow, forwardedFlow } from "../fib/flow.js";
import { exampleDestinations } from "../fib/reach/exampleDestinations.js";
import { type ReceivedPacket, validateSource } from "../fib/validateSource.js";
import { withUsualRules } from "../findings/rules/usualRules.js";
import type { NodeState } from "../state/nodeState.js";
import type { Goal } from "./candidate.js";
import type { SideEffects } from "./findSideEffects.js";
import type { SideEffect } from "./fix.js";
import { isRefused, receive } from "./receive.js";
import { leavingDevice, type ReceivedDestinations, receivedDestinations } from "./receivedExamples.js";

/** Packets of one comparison that are looked at; more would keep a person waiting. */
const mostPackets = 20_000;

const validationKey = /^net\.ipv4\.conf\.(.+)\.(?:rp_filter|accept_local|src_valid_mark)$/;

/** The devices for which a setting of source validation differs: all that are known where it is the one for all. */
function changedDevices(before: NodeState, after: NodeState): string[] {
  const changed = [...after.sysctls.values()].flatMap(({ key, value }) => {
    const device = validationKey.exec(key)?.[1]?.replaceAll("/", ".");
    return device !== undefined && before.sysctls.get(key)?.value.trim() !== value.trim() ? [device] : [];
  });
  if (!changed.includes("all")) return [...new Set(changed)];
  const routes = [...before.families[4].tables.values()].flatMap((table) => table.routes);
  const named = routes.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? []));
  return [...new Set([...before.links.keys(), ...named])].filter((device) => device !== "lo");
}

/** The fwmarks that rules tell apart; a packet without one first. */
function fwmarks({ families }: NodeState): number[] {
  const asked = (families[4].rules ?? []).flatMap(({ fwmark }) => (fwmark ? [(fwmark.value & fwmark.mask) >>> 0] : []));
  return [...new Set([0, ...asked])];
}

/** Packets that come in by a device, to the node and through it, from every source that the routes tell apart. */
function* packetsAt(
  state: NodeState,
  iif: string,
  { own, forwarded }: ReceivedDestinations,
): Generator<ReceivedPacket> {
  const sources = exampleDestinations(state, 4);
  for (const dst of [...(own ? [own] : []), ...forwarded]) {
    for (const fwmark of fwmarks(state)) {
      for (let at = 0; at < sources.ends.length; at++) {
        const src = exampleOfClass(sources, at);
        if (!src) continue;
        const packet = { ...forwardedFlow({ src, dst, iif, fwmark, tos: 0 }), src, iif };
        const leavesBy = dst === own ? null : leavingDevice(state, packet);
        if (leavesBy !== undefined) yield { ...packet, leavesBy };
      }
    }
  }
}

/** What tells the packets that are treated alike from all others: the device, the fwmark, the way back and why they are refused. */
function kindOf(state: NodeState, packet: ReceivedPacket): string {
  const validation = validateSource(fibOf(withUsualRules(state), 4), packet);
  const wayBack = validation.reverse ? wordsForDecision(validation.reverse) : "";
  const reason = validation.type === "drop" ? validation.reason : validation.type;
  return [packet.iif, packet.fwmark ?? 0, reason, wayBack].join(" | ");
}

function receivedAs({ src, iif, ...flow }: Flow): ReceivedPacket | undefined {
  return src && iif !== undefined ? { ...flow, src, iif, leavesBy: null } : undefined;
}

function judge(before: Decision, after: Decision): SideEffect["judgement"] | undefined {
  if (before.type === "missing" || after.type === "missing" || isRefused(before) === isRefused(after)) return undefined;
  return isRefused(before) ? "neutral" : "harmful";
}

/**
 * The packets, to this node or through it, that other settings of source validation accept and refused before, or the other way round: an
 * example of each device and each way back to their source, for every source that the routes tell apart. Those that the settings were
 * changed for are left out.
 */
export function findSourceEffects(before: NodeState, after: NodeState, { targets }: Goal): SideEffects {
  const meant = new Set(
    targets.flatMap(({ flow }) => {
      const packet = receivedAs(flow);
      return packet ? [kindOf(before, packet)] : [];
    }),
  );
  const effects = new Map<string, SideEffect>();
  const rules = withUsualRules(before);
  let looked = 0;
  let whole = true;
  for (const device of changedDevices(before, after)) {
    const { own = targets[0]?.flow.dst, ...others } = receivedDestinations(rules, device);
    if (!others.whole) whole = false;
    for (const packet of packetsAt(rules, device, { own, ...others })) {
      if (++looked > mostPackets) return { effects: [...effects.values()], alike: 0, whole: false };
      const [was, is] = [receive(before, packet), receive(after, packet)];
      // A setting or table that was not dumped decides: there may be more than is found.
      if (was.type === "missing" || is.type === "missing") whole = false;
      const judgement = judge(was, is);
      if (!judgement) continue;
      const kind = kindOf(before, packet);
      if (meant.has(kind) && judgement === "neutral") continue;
      if (!effects.has(kind)) effects.set(kind, { flow: was.flow, before: was, after: is, judgement });
    }
  }
  return { effects: [...effects.values()], alike: 0, whole };
}
