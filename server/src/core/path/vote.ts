import type { Place } from "../text/span.js";
import type { SetUp, SetUpName } from "./datapathFacts.js";

/** A value that a side of a node's set-up may have, and one line that speaks for it. */
export interface Vote {
  readonly value: SetUp[SetUpName] & {};
  readonly statement: string;
  readonly place?: Place;
}
