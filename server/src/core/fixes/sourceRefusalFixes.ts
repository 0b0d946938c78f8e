import type { CaseNode } from "../case/case.js";
import { forwardedFlow } from "../fib/flow.js";
import { flowWords } from "../fib/flowWords.js";
import type { ReceivedPacket } from "../fib/validateSource.js";
import type { Finding } from "../findings/finding.js";
import { groupBy } from "../findings/groupBy.js";
import type { SourceRefusal } from "../findings/refusals/sourceRefusal.js";
import type { Goal, Target } from "./candidate.js";
import { acceptLocal, looseReversePath, noReversePath, sourceValidMark } from "./candidates/setSettings.js";
import type { Fix } from "./fix.js";
import { flowOfReceived, isRefused, receive } from "./receive.js";
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

function target(packet: ReceivedPacket): Target {
  return {
    flow: flowOfReceived(packet),
    ask: (state) => receive(state, packet),
    isRepaired: (after) => !isRefused(after) && after.type !== "missing",
  };
}

/** Of packets of one flow the first. */
function distinct(targets: readonly Target[]): Target[] {
  return [...groupBy(targets, ({ flow }) => flowWords(flow)).values()].flatMap(([first]) => first ?? []);
}

/**
 * The settings that make the kernel accept what it refuses at a device, each tried on the packets that were refused. Those that would not
 * help (loose mode on a device without an address) are not among them.
 */
export function fixSourceRefusal(node: CaseNode, finding: Finding, refusal: SourceRefusal): Fix[] {
  const { state } = node;
  const goal: Goal = {
    purpose: "repair",
    targets: distinct(refusedPackets(refusal).map(target)),
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
