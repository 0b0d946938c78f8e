import { protocolsWithPorts } from "../flow.js";
import { type NumberField, numberFieldMasks } from "../openField.js";
import { intersectSets, rangeSet, subtractSet, type ValueSet } from "../valueSet.js";
import { allNumbers } from "./flowBox.js";
import { type Cutting, combineParts, type FlowPart } from "./flowParts.js";

/** More masked values than this are not told apart. */
const pieceLimit = 1024;

const withPorts: ValueSet = [...protocolsWithPorts].flatMap((protocol) => rangeSet(protocol, protocol));

/** The set of the number 0. */
export const zero: ValueSet = rangeSet(0, 0);

/** The parts of a field that is a number, an example of each; undefined where there would be too many. */
export function numberParts(
  { space, boxes, all }: Cutting,
  field: NumberField,
  within: ValueSet,
): FlowPart[] | undefined {
  let pieces: { set: ValueSet; boxes: bigint }[] = [
    { set: intersectSets(space.numbers[field] ?? allNumbers(field), within), boxes: all },
  ];
  for (const [at, box] of boxes.entries()) {
    const wanted = box.numbers[field];
    if (!wanted) continue;
    const bit = 1n << BigInt(at);
    pieces = pieces
      .flatMap(({ set, boxes: inside }) => [
        { set: intersectSets(set, wanted), boxes: inside },
        { set: subtractSet(set, wanted), boxes: inside & ~bit },
      ])
      .filter(({ set }) => set.length > 0);
    if (pieces.reduce((count, { set }) => count + set.length, 0) > pieceLimit) return undefined;
  }
  return pieces
    .filter(({ set }) => set.length > 0)
    .map(({ set, boxes: inside }) => ({ fields: { [field]: exampleNumber(field, set) }, boxes: inside }));
}

/** The parts of protocol and ports: packets without ports have the ports 0. */
export function transportParts(cutting: Cutting): FlowPart[] | undefined {
  const ported = combineParts(cutting, [
    numberParts(cutting, "ipproto", withPorts),
    numberParts(cutting, "sport", allNumbers("sport")),
    numberParts(cutting, "dport", allNumbers("dport")),
  ]);
  const portless = combineParts(cutting, [
    numberParts(cutting, "ipproto", subtractSet(allNumbers("ipproto"), withPorts)),
    numberParts(cutting, "sport", zero),
    numberParts(cutting, "dport", zero),
  ]);
  return ported && portless && [...ported, ...portless];
}

/** A number of a set; for a protocol TCP or UDP where they are in it. */
function exampleNumber(field: NumberField, set: ValueSet): number {
  const usual = field === "ipproto" ? [6, 17] : [0];
  const known = usual.find((number) => set.some(({ value, mask }) => ((number ^ value) & mask) === 0));
  const [first] = set;
  return known ?? (first ? (first.value & first.mask & numberFieldMasks[field]) >>> 0 : 0);
}
