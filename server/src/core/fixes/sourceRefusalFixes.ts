import type { CaseNode } from "../case/case.js";
import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import type { Flow } from "../fib/flow.js";
import { forwardedFlow } from "../fib/flow.js";
import { type ReceivedPacket, validateSource } from "../fib/validateSource.js";
import type { Finding } from "../findings/finding.js";
import type { SourceRefusal } from "../findings/sourceRefusal.js";
import { withUsualRules } from "../findings/usualRules.js";
import type { NodeState } from "../state/nodeState.js";
import type { Goal, Target } from "./candidate.js";
import { acceptLocal, looseReversePath, noReversePath, sourceValidMark } from "./candidates/setSettings.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";

/** Packets that are tried; others of the same refusal are refused for the same reason. */
const triedPackets = 20;

/** The packets that were refused; where none was captured, the one that the refusal was worked out from. */
function refusedPackets({ received, validation, device }: SourceRefusal): ReceivedPacket[] {
  if (received.length > 0) return received.slice(0, triedPackets).map(({ packet }) => packet);
  const flow = validation?.reverse?.flow;
  if (!flow?.src) return [];
  return [
    {
      ...forwardedFlow({ src: flow.dst, dst: flow.src, iif: device, fwmark: 0, tos: 0 }),
      src: flow.dst,
      iif: device,
      leavesBy: null,
    },
  ];
}

/** What becomes of a received packet: refused, or sent where the rules say. */
function receive(state: NodeState, packet: ReceivedPacket, flow: Flow): Decision {
  const fib = fibOf(withUsualRules(state), 4);
  const validation = validateSource(fib, packet);
  const { assumptions } = validation;
  if (validation.type === "ok") return decide(fib, flow);
  if (validation.type === "missing") return { ...validation, flow, considered: [], assumptions };
  return { type: "error", error: "invalid-source", flow, considered: [], assumptions };
}

function target(packet: ReceivedPacket): Target {
  const { leavesBy, broadcast, ...received } = packet;
  const flow = forwardedFlow(received);
  return {
    flow,
    ask: (state) => receive(state, packet, flow),
    isRepaired: (after) => !(after.type === "error" && after.error === "invalid-source") && after.type !== "missing",
  };
}

/**
 * The settings that make the kernel accept what it refuses at a device, each tried on the packets that were refused. Those that would not
 * help (loose mode on a device without an address) are not among them.
 */
export function fixSourceRefusal(node: CaseNode, finding: Finding, refusal: SourceRefusal): Fix[] {
  const { state } = node;
  const goal: Goal = {
    purpose: "repair",
    targets: refusedPackets(refusal).map(target),
    natural: state,
    isWanted: () => true,
  };
  return simulateAll(state, finding, goal, [
    looseReversePath(state, refusal),
    noReversePath(state, refusal),
    acceptLocal(state, refusal),
    sourceValidMark(state, refusal, false),
    sourceValidMark(state, refusal, true),
  ]);
}
