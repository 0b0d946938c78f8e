import { fibOf } from "../../fib/fibOf.js";
import type { Flow } from "../../fib/flow.js";
import { flowWords } from "../../fib/flowWords.js";
import { ownAddress } from "../../fib/ownAddress.js";
import { type Family, parseAddress } from "../../net/address.js";
import { addressKind } from "../../net/addressKind.js";
import { containsPrefix } from "../../net/prefix.js";
import type { NodeState } from "../../state/nodeState.js";

/** A flow in the form in which `ip route get` can ask for it. */
export interface KernelQuestion {
  readonly family: Family;
  /** What is asked: the flow with nothing left open. */
  readonly flow: Flow;
  /** The words behind `ip route get`. */
  readonly words: string;
}

/** Sources for forwarded packets of which only the destination matters (RFC 5737, RFC 3849). */
const sources = ["203.0.113.77", "198.51.100.77", "192.0.2.77", "2001:db8:ffff::77"].flatMap(
  (text) => parseAddress(text) ?? [],
);

/** A source that no rule asks for and that is nobody's on this node. */
function anySource(state: NodeState, family: Family): Flow["src"] {
  const named = (state.families[family].rules ?? []).flatMap(({ from }) => from ?? []);
  const free = sources.find(
    (address) =>
      address.family === family &&
      !named.some((prefix) => prefix.length > 0 && containsPrefix(prefix, address)) &&
      !ownAddress(fibOf(state, family), address).own,
  );
  return free ?? null;
}

/**
 * The question that asks the kernel for a flow, or why it can't be asked, as a clause. Fields that the flow leaves open are 0, as they are
 * in a packet without a mark. A local packet of a foreign source is asked for as if it came in by `lo`, which the rules cannot tell apart.
 */
export function kernelQuestion(state: NodeState, flow: Flow): KernelQuestion | string {
  const { family, dst, iif = "lo" } = flow;
  if (addressKind(dst) !== "unicast") return "the destination is not a unicast address";
  if (flow.tunId) return "the flow came through a tunnel";
  const forwarded = iif !== "lo";
  const src = forwarded && flow.src === null ? anySource(state, family) : flow.src;
  if (forwarded && src === null) return "no source address is free of rules";
  if (src && addressKind(src) !== "unicast") return "the source is not a unicast address";
  const foreign = !forwarded && src !== null && !ownAddress(fibOf(state, family), src).own;
  if (foreign && (flow.oif !== null || flow.uid)) return "its source is not an address of this node";
  const asked: Flow = {
    ...flow,
    src,
    iif,
    fwmark: flow.fwmark ?? 0,
    tos: flow.tos ?? 0,
    flowlabel: flow.flowlabel ?? 0,
    uid: flow.uid ?? 0,
    ipproto: flow.ipproto ?? 6,
    sport: flow.sport ?? 0,
    dport: flow.dport ?? 0,
    tunId: 0n,
  };
  const words = [
    flowWords(asked),
    ...(foreign && family === 4 ? ["iif lo"] : []),
    ...(asked.flowlabel ? [`flowlabel 0x${asked.flowlabel.toString(16)}`] : []),
  ];
  return { family, flow: asked, words: words.join(" ") };
}
