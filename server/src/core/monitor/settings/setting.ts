import type { Place } from "../../text/span.js";

/** A setting of Cilium that a text states: a row of `cilium status`, an option of the agent, or the version of one of its programs. */
export interface Setting {
  readonly source: "status" | "option" | "version";
  /** The title of the row (`Host Routing`), the name of the option (`routing-mode`), or the program (`agent`, `client`). */
  readonly name: string;
  /** As printed, without quotes. */
  readonly value: string;
  /** Its line, without blanks around it. */
  readonly place: Place;
}

/** What a line states. */
export type Stated = Pick<Setting, "source" | "name" | "value">;
