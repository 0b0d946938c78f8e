import { familiarAddresses } from "../familiarAddresses.js";
import type { Flow } from "../flow.js";
import { addressParts } from "./addressParts.js";
import { allAddresses } from "./addressRanges.js";
import { emptyFlow } from "./emptyFlow.js";
import { allNumbers, type FlowBox } from "./flowBox.js";
import { combineParts, cuttingOf, isAsked } from "./flowParts.js";
import { numberParts, transportParts } from "./numberParts.js";
import { type Origin, originParts } from "./originParts.js";

/** Flows that a list of boxes does not tell apart: one example, and the boxes it lies in, a bit each. */
export interface FlowCell {
  readonly flow: Flow;
  readonly boxes: bigint;
}

export interface CellOptions extends Origin {
  /** Whether only the cells in the fewest boxes are wanted: one that lies in all boxes of another, and more, is left out. */
  readonly fewest: boolean;
}

/**
 * Cuts a box of flows along the sides of other boxes and gives an example of each kind of piece there is: of all that lie in the same
 * boxes, one. (Header-space atoms, as Kazemian et al., NSDI 2012, and Yang and Lam, ICNP 2013, cut them.) Only flows that exist count:
 * what came in by a device was sent by no socket of this node, and packets without ports have the ports 0.
 *
 * @returns the cells, or undefined where there would be too many.
 */
export function cellsOf(space: FlowBox, boxes: readonly FlowBox[], options: CellOptions): FlowCell[] | undefined {
  const { family, oif } = options;
  const cutting = cuttingOf(space, boxes, options.fewest);
  const destinations = addressParts(
    space.dst ?? allAddresses(family),
    boxes.map((box) => box.dst),
    familiarAddresses[family],
    (address) => ({ dst: { family, value: address } }),
  );
  const cells = combineParts(cutting, [
    destinations,
    originParts(cutting, options),
    ...(isAsked(cutting, "ipproto", "sport", "dport") ? [transportParts(cutting)] : []),
    ...(["fwmark", "tos", "flowlabel"] as const).flatMap((field) =>
      isAsked(cutting, field) ? [numberParts(cutting, field, allNumbers(field))] : [],
    ),
  ]);
  return cells?.map(({ fields, boxes: inside }) => ({ flow: { ...emptyFlow(family), oif, ...fields }, boxes: inside }));
}
