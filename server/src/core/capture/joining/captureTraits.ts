import { dropPoint, type EventColumns } from "../columns/eventColumns.js";
import { fixedName } from "../columns/names.js";
import { isReceivePoint } from "../columns/pointKinds.js";

/** What a capture shows somewhere, and decides how all of it is read. */
export interface CaptureTraits {
  /** Whether it shows packets where they come in. One that does not is aggregated, and most events of a flow are hidden. */
  readonly showsArrivals: boolean;
  /** Whether the reason is `unknown` where no look-up took place, as since 1.12; then `new` means what it says. */
  readonly saysUnknown: boolean;
}

const unknownReason = fixedName("unknown");

/** @param known what is known of the capture by other rows */
export function captureTraits(
  { length, point, reason }: EventColumns,
  known: CaptureTraits = { showsArrivals: false, saysUnknown: false },
): CaptureTraits {
  let { showsArrivals, saysUnknown } = known;
  for (let row = 0; row < length && !(showsArrivals && saysUnknown); row++) {
    showsArrivals ||= isReceivePoint(point[row] ?? 0);
    saysUnknown ||= reason[row] === unknownReason && point[row] !== dropPoint;
  }
  return { showsArrivals, saysUnknown };
}
