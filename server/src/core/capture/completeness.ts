import type { LostEvent } from "../monitor/event.js";

/** What of a capture decides whether a packet that is not seen may be meant instead. */
export interface Completeness {
  /** Whether it shows every event of a packet: monitor aggregation is none. */
  readonly isWhole: boolean;
  readonly losses: readonly LostEvent[];
}
