import { compileFib } from "../../../../server/src/core/fib/compileFib.js";
import { lookup } from "../../../../server/src/core/fib/lookup.js";
import { reachesOf } from "../../../../server/src/core/fib/reach/reachesOf.js";
import type { RuleReach } from "../../../../server/src/core/fib/reach/ruleReach.js";
import type { Rule } from "../../../../server/src/core/iproute/rule.js";
import type { Family } from "../../../../server/src/core/net/address.js";
import type { NodeState } from "../../../../server/src/core/state/nodeState.js";
import type { Difference } from "../../../generate/difference.js";
import { packetKinds } from "../../../generate/packetKinds.js";
import { showFlow, type Walked, walkEvery, withActing } from "../../../generate/walkEvery.js";

/** What is said of the rules of a node, against what every kind of packet shows. */
export interface ReachComparison {
  readonly differences: readonly Difference[];
  /** How often each answer is given. */
  readonly counts: Readonly<Record<RuleReach["type"], number>>;
}

/** Compares the reach of each rule with where the packets of every kind end that it matches. */
export function compareReaches(state: NodeState, family: Family): ReachComparison {
  const walked = walkEvery(compileFib(state, family), packetKinds([state], family));
  const counts = { reached: 0, unreachable: 0, unmatchable: 0, unknown: 0 };
  const differences = [...reachesOf(state, family)].flatMap(([rule, reach]): Difference[] => {
    counts[reach.type]++;
    const asked = packetsFor(rule, walked);
    const shown =
      asked.length === 0 ? "unmatchable" : asked.some(({ met }) => met.has(rule)) ? "reached" : "unreachable";
    const isSaid = reach.type === "unknown" || reach.type === shown;
    const example = asked.find(({ met }) => met.has(rule)) ?? asked[0];
    const text = `${rule.priority}: said to be ${reach.type}, is ${shown} ${example ? showFlow(example.flow) : ""}`;
    if (!isSaid) return [{ text }];
    return reach.type === "unreachable" ? compareCover(state, rule, reach.by, asked) : [];
  });
  return { differences, counts };
}

/** Sockets that are bound to a device are considered for rules that ask for one. */
export function packetsFor(rule: Rule, walked: readonly Walked[]): Walked[] {
  const asksBound = rule.oif !== undefined && !rule.not;
  return walked.filter(({ flow, matching }) => matching.has(rule) && (flow.oif === null || asksBound));
}

/** Whether the rules that are named keep all packets away, and no fewer would. */
function compareCover(state: NodeState, rule: Rule, by: readonly Rule[], asked: readonly Walked[]): Difference[] {
  const { family } = rule;
  const rules = state.families[family].rules ?? [];
  const at = rules.indexOf(rule);
  const earlier = rules.slice(0, at);
  const keptAway = (acting: readonly Rule[]): Walked[] => {
    const fib = withActing(state, family, (other) => acting.includes(other) || !earlier.includes(other));
    const target = fib.rules?.[at]?.rule;
    return asked.filter(({ flow }) =>
      lookup(fib, flow).considered.every(
        (each) => each.rule !== target || each.verdict.type === "not-matched" || each.verdict.type === "jumped-over",
      ),
    );
  };
  const names = (list: readonly Rule[]) => list.map(({ priority }) => priority).join(", ");
  if (keptAway(by).length < asked.length)
    return [{ text: `${rule.priority}: ${names(by)} do not keep everything away` }];
  // Behind a jump, which rules matter depends on which others are there.
  if (earlier.some(({ action }) => action.type === "goto")) return [];
  const each = earlier.map((other) => ({ other, kept: new Set(keptAway([other])) }));
  const useful = each.filter(({ kept }) => kept.size > 0);
  const fewer = choices(useful, by.length - 1).find((some) =>
    asked.every((one) => some.some(({ kept }) => kept.has(one))),
  );
  if (!fewer) return [];
  const text = `${rule.priority}: ${names(by)} are named, ${names(fewer.map(({ other }) => other))} are enough`;
  return [{ text, known: "only rules that the search came to are weighed, and only what they end surely" }];
}

/** All ways to take some of a list, up to so many. */
function choices<T>(list: readonly T[], most: number): T[][] {
  const [first, ...rest] = list;
  if (first === undefined || most <= 0) return [[]];
  return [...choices(rest, most), ...choices(rest, most - 1).map((way) => [first, ...way])];
}
