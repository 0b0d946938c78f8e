import type { AddressClasses } from "../../fib/addressClasses.js";
import type { ClassSet } from "../../fib/classSet.js";
import type { Box } from "../../fib/comparison/box.js";
import type { ChangedRegion } from "../../fib/comparison/changedRegions.js";
import { addressWords } from "../../fib/comparison/regionWords.js";
import { formatPrefix } from "../../net/prefix.js";

/** A part of a region as flat data: every flow that meets all of it, and no other, is in the part. */
export interface RegionPart {
  readonly origin: "forwarded" | "own";
  readonly to: readonly string[];
  readonly toExcept: readonly string[];
  /** `null`: packets of the node whose source is not chosen yet. */
  readonly from: readonly string[] | null;
  readonly fromExcept: readonly string[];
  readonly oif?: string;
  readonly iif?: readonly string[];
  readonly notIif?: readonly string[];
  readonly tunId?: string;
  readonly notTunId?: readonly string[];
  /** By field, the values it may have, as `VALUE/MASK`; a field that is not here may have any. */
  readonly numbers: Readonly<Record<string, readonly string[]>>;
}

/** The parts of a region, exact, for programs. */
export function regionParts({ space, boxes }: ChangedRegion): RegionPart[] {
  return boxes.map((box) => {
    const to = words(space.dst, box.dst);
    const from = box.src && words(space.src, box.src);
    return {
      origin: box.template.iif === "lo" ? "own" : "forwarded",
      to: to.prefixes,
      toExcept: to.except,
      from: from?.prefixes ?? null,
      fromExcept: from?.except ?? [],
      ...(box.template.oif === null ? {} : { oif: box.template.oif }),
      ...premiseParts(box),
      numbers: Object.fromEntries(
        [...box.premises.numbers].map(([field, set]) => [
          field,
          set.map(({ value, mask }) => `0x${((value & mask) >>> 0).toString(16)}/0x${mask.toString(16)}`),
        ]),
      ),
    };
  });
}

function words(classes: AddressClasses, set: ClassSet) {
  const { prefixes, except } = addressWords(classes, set);
  return { prefixes: prefixes.map(formatPrefix), except: except.map(formatPrefix) };
}

/** That a forwarded packet did not come in by `lo` goes without saying. */
function premiseParts({ premises: { iif, notIif, tunId, notTunId } }: Box): Partial<RegionPart> {
  const others = [...notIif].filter((device) => device !== "lo");
  return {
    ...(iif && { iif: [...iif] }),
    ...(others.length > 0 && { notIif: others }),
    ...(tunId !== undefined && { tunId: `${tunId}` }),
    ...(notTunId.length > 0 && { notTunId: notTunId.map(String) }),
  };
}
