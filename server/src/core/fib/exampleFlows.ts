import type { NumberRange, Rule } from "../iproute/rule.js";
import { type Address, familyBits, sameAddress } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import { containsPrefix, firstAddress, lastAddress, type Prefix } from "../net/prefix.js";
import type { FamilyState, NodeState } from "../state/nodeState.js";
import type { Flow } from "./flow.js";
import { podDevice } from "./podDevice.js";

/** An address of a prefix that no longer prefix of `others` covers, so that a look-up of it can come to the route of the prefix. */
export function exampleAddress(prefix: Prefix, others: readonly Prefix[]): Address | undefined {
  const inner = others.filter((other) => other.length > prefix.length && containsPrefix(prefix, other));
  const first = firstAddress(prefix);
  const last = lastAddress(prefix);
  // Not the first address where there is another: in a subnet that one means the subnet itself.
  const candidates = [{ ...first, value: first.value + (last.value > first.value ? 1n : 0n) }];
  for (const other of inner) candidates.push({ ...last, value: lastAddress(other).value + 1n });
  return candidates.find(
    (address) => address.value <= last.value && !inner.some((other) => containsPrefix(other, address)),
  );
}

/** A source within a prefix: not the destination where there is another, for what goes to its own sender leaves no host. */
function exampleSource(prefix: Prefix, dst: Address): Address {
  const first = firstAddress(prefix);
  if (prefix.length === familyBits(prefix.family)) return first;
  const second = { ...first, value: first.value + 1n };
  return sameAddress(second, dst) ? first : second;
}

function examplePort(selector: NumberRange | MaskedValue | undefined): number {
  if (selector === undefined) return 0;
  return "start" in selector ? selector.start : selector.value & selector.mask;
}

const otherDevices = new WeakMap<FamilyState, string | null>();

/** The first device of a route that no rule names; null where there is none. Looked for once: the lists may be long. */
export function otherDevice(family: FamilyState): string | null {
  const known = otherDevices.get(family);
  if (known !== undefined) return known;
  const named = new Set((family.rules ?? []).flatMap(({ iif }) => iif?.name ?? []));
  const other = firstDevice(family, (device) => !named.has(device) && device !== "lo") ?? null;
  otherDevices.set(family, other);
  return other;
}

function firstDevice({ tables }: FamilyState, isWanted: (device: string) => boolean): string | undefined {
  for (const { routes } of tables.values()) {
    for (const { nexthops } of routes) {
      for (const { dev } of nexthops) if (dev !== undefined && isWanted(dev)) return dev;
    }
  }
  return undefined;
}

/**
 * The devices a packet can come in by that make a difference to the rules: those they name, and the first other one. What a local pod sends
 * comes in by its own device.
 */
function inputDevices(rule: Rule, state: NodeState): string[] {
  if (rule.iif) return [rule.iif.name];
  const { from, not } = rule;
  const isHost = from !== undefined && !not && from.length === familyBits(from.family);
  const other = (isHost ? podDevice(state, from) : undefined) ?? otherDevice(state.families[rule.family]);
  return other === null ? ["lo"] : [other, "lo"];
}

/**
 * Example flows to `dst` that a rule's selectors ask for: forwarded ones first, then one of the node's own. An inverted rule (`not`)
 * is met by a flow with nothing particular about it, or not at all; the look-up tells.
 */
export function flowsMatching(rule: Rule, dst: Address, state: NodeState): Flow[] {
  return flowMakers(rule, state).map((flowTo) => flowTo(dst));
}

/** Makes an example flow to a destination. */
export type FlowMaker = (dst: Address) => Flow;

/** `flowsMatching` for many destinations, a function for each of the flows. */
export function flowMakers(rule: Rule, state: NodeState): FlowMaker[] {
  const asked = rule.not ? undefined : rule;
  const dscp = asked?.dscp === undefined ? undefined : (asked.dscp.value & asked.dscp.mask) << 2;
  const from = asked?.from && asked.from.length > 0 ? asked.from : undefined;
  const fwmark = asked?.fwmark === undefined ? 0 : (asked.fwmark.value & asked.fwmark.mask) >>> 0;
  const tos = asked?.tos ?? dscp ?? 0;
  const flowlabel = asked?.flowlabel === undefined ? 0 : asked.flowlabel.value & asked.flowlabel.mask;
  const uid = asked?.uidrange?.start ?? 0;
  const ipproto = asked?.ipproto ?? 6;
  const sport = examplePort(asked?.sport);
  const dport = examplePort(asked?.dport);
  const tunId = asked?.tunId ?? 0n;
  return inputDevices(rule, state).map((iif) => {
    const oif = iif === "lo" ? (asked?.oif?.name ?? null) : null;
    return (dst) => {
      const { family } = dst;
      const src = from ? exampleSource(from, dst) : null;
      // Written out: spreading costs more than the look-up of the flow.
      return { family, dst, src, iif, oif, fwmark, tos, flowlabel, uid, ipproto, sport, dport, tunId };
    };
  });
}
