import type { Prefix } from "../../net/prefix.js";
import type { CompiledRule } from "../compileFib.js";
import type { Flow } from "../flow.js";
import { rangeSet } from "../valueSet.js";
import { prefixRange } from "./addressRanges.js";
import { boxesOf, type FlowBox } from "./flowBox.js";
import { cellsOf } from "./flowCells.js";

/** What packets are told apart by, besides the destination. */
export interface Distinctions {
  readonly rules: readonly CompiledRule[];
  /** What routes ask for. */
  readonly tos: readonly number[];
  readonly sources: readonly Prefix[];
}

/**
 * One flow of each kind that a rule matches and that others tell apart by anything but the destination. The destinations are examples.
 * None where there would be too many kinds.
 */
export function flowOrigins(compiled: CompiledRule, distinctions: Distinctions, otherDevice: string): Flow[] {
  const { rule, selector } = compiled;
  const { rules, tos, sources } = distinctions;
  const bound = rule.oif && !rule.not ? [...(selector.oif ?? [])] : [null];
  return bound.flatMap((oif) => {
    const boxes: FlowBox[] = [
      ...rules.flatMap((other) => boxesOf(other, oif).map(({ dst: _, ...box }) => box)),
      ...tos.map((value) => ({ numbers: { tos: rangeSet(value, value) } })),
      ...sources.map((prefix) => ({ src: { addresses: [prefixRange(prefix)], none: false }, numbers: {} })),
    ];
    const options = { family: rule.family, oif, otherDevice, fewest: false };
    return boxesOf(compiled, oif).flatMap((box) => (cellsOf(box, boxes, options) ?? []).map(({ flow }) => flow));
  });
}
