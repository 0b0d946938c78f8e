import type { Flow } from "../flow.js";
import type { NumberField } from "../openField.js";
import type { FlowBox } from "./flowBox.js";

/** A part of a flow that boxes do not tell apart, with the boxes whose conditions on this part it meets, a bit each. */
export interface FlowPart {
  readonly fields: Partial<Flow>;
  readonly boxes: bigint;
}

/** A box of flows that is cut along the sides of other boxes. */
export interface Cutting {
  readonly space: FlowBox;
  readonly boxes: readonly FlowBox[];
  /** The bits of all boxes. */
  readonly all: bigint;
  /** Leaves out parts that say nothing new. */
  readonly prune: (parts: readonly FlowPart[]) => FlowPart[];
}

/** More parts than this are not listed. */
const partLimit = 4096;

/**
 * Makes a cutting.
 *
 * @param fewest whether only the parts in the fewest boxes are wanted: one that lies in all boxes of another, and more, is left out
 */
export function cuttingOf(space: FlowBox, boxes: readonly FlowBox[], fewest: boolean): Cutting {
  return { space, boxes, all: (1n << BigInt(boxes.length)) - 1n, prune: fewest ? keepFewest : keepDistinct };
}

/** Whether any of the boxes compares one of some fields. */
export function isAsked({ space, boxes }: Cutting, ...fields: readonly NumberField[]): boolean {
  return [space, ...boxes].some(({ numbers }) => fields.some((field) => numbers[field] !== undefined));
}

/** Bits of the boxes for which `holds`. */
export function bitsWhere({ boxes }: Cutting, holds: (box: FlowBox) => boolean): bigint {
  return boxes.reduce((bits, box, at) => (holds(box) ? bits | (1n << BigInt(at)) : bits), 0n);
}

/** All ways to take one part of each group; undefined where a group is, or where there would be too many. */
export function combineParts(
  { all, prune }: Cutting,
  groups: readonly (readonly FlowPart[] | undefined)[],
): FlowPart[] | undefined {
  let parts: FlowPart[] = [{ fields: {}, boxes: all }];
  for (const group of groups) {
    if (!group) return undefined;
    parts = prune(product(parts, prune(group)));
    if (parts.length > partLimit) return undefined;
  }
  return parts;
}

function product(left: readonly FlowPart[], right: readonly FlowPart[]): FlowPart[] {
  const [only] = right;
  if (right.length === 1 && only) {
    return left.map(({ fields, boxes }) => ({ fields: { ...fields, ...only.fields }, boxes: boxes & only.boxes }));
  }
  return left.flatMap((a) => right.map((b) => ({ fields: { ...a.fields, ...b.fields }, boxes: a.boxes & b.boxes })));
}

function keepDistinct(parts: readonly FlowPart[]): FlowPart[] {
  const byBoxes = new Map<bigint, FlowPart>();
  for (const part of parts) if (!byBoxes.has(part.boxes)) byBoxes.set(part.boxes, part);
  return [...byBoxes.values()];
}

/** A part that lies in all boxes of another one says nothing that the other does not. */
function keepFewest(parts: readonly FlowPart[]): FlowPart[] {
  const distinct = keepDistinct(parts);
  return distinct.filter(
    ({ boxes }) => !distinct.some((other) => other.boxes !== boxes && (other.boxes & boxes) === other.boxes),
  );
}
