import type { Flow } from "../flow.js";
import type { FlowBox } from "./flowBox.js";
import { type CellOptions, cellsOf } from "./flowCells.js";

/** Why a flow is not the wanted one: what holds for all flows of the same space that are in one of the boxes. */
export interface Refusal {
  /** The same for the same boxes. */
  readonly key: string;
  readonly boxes: readonly FlowBox[];
}

/** What is said of a flow; "unclear" where no box around it is known. */
export type Judgement = "wanted" | "unclear" | Refusal;

/** More boxes than this are not taken together. */
const boxLimit = 128;

/** More flows than this are not judged. */
const judgeLimit = 4096;

/**
 * Looks for a wanted flow in a space: judges an example of what is not refused yet, and cuts the space by the refusals until one is wanted
 * or nothing is left. So only what matters to the space is ever put together (counterexample-guided, as `ruleReach` does it).
 *
 * @param cuts boxes whose sides tell flows apart, though being inside says nothing. There must be none where only the fewest boxes are wanted.
 * @returns undefined where there is none, or where there would be too many cases to tell.
 */
export function flowWithin(
  space: FlowBox,
  cuts: readonly FlowBox[],
  judge: (flow: Flow) => Judgement,
  options: CellOptions,
): Flow | undefined {
  const boxes = [...cuts];
  const known = new Set<string>();
  let judged = 0;
  for (let count = -1; count < boxes.length && boxes.length <= boxLimit; ) {
    count = boxes.length;
    for (const cell of cellsOf(space, boxes.slice(), options) ?? []) {
      if (options.fewest && cell.boxes !== 0n) continue;
      if (++judged > judgeLimit) return undefined;
      const judgement = judge(cell.flow);
      if (judgement === "wanted") return cell.flow;
      if (judgement === "unclear" || known.has(judgement.key)) continue;
      known.add(judgement.key);
      boxes.push(...judgement.boxes);
    }
  }
  return undefined;
}
