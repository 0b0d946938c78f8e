import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import { type Flow, forwardedFlow } from "../fib/flow.js";
import { type ReceivedPacket, validateSource } from "../fib/validateSource.js";
import { withUsualRules } from "../findings/rules/usualRules.js";
import type { NodeState } from "../state/nodeState.js";

/** The flow of a received packet. */
export function flowOfReceived({ leavesBy, broadcast, ...packet }: ReceivedPacket): Flow {
  return forwardedFlow(packet);
}

/** What becomes of a received packet: refused for its source (`invalid-source`), or sent where the rules say. */
export function receive(state: NodeState, packet: ReceivedPacket): Decision {
  const fib = fibOf(withUsualRules(state), 4);
  const flow = flowOfReceived(packet);
  const validation = validateSource(fib, packet);
  const { assumptions } = validation;
  if (validation.type === "ok") return decide(fib, flow);
  if (validation.type === "missing") return { ...validation, flow, considered: [], assumptions };
  return { type: "error", error: "invalid-source", flow, considered: [], assumptions };
}

/** Whether an answer says that the packet was refused for its source. */
export function isRefused(answer: Decision): boolean {
  return answer.type === "error" && answer.error === "invalid-source";
}
