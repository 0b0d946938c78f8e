import type { MonitorEvent } from "../monitor/event.js";
import type { Place } from "../text/span.js";

/** An event without a row, as there is no packet in it. What it says is read again from its place. */
export interface OtherEvent {
  /** Its type (`MonitorEvent`); of the agent's messages with their subtype. */
  readonly kind: string;
  readonly place: Place;
}

/** An event in short. */
export function otherEvent(event: MonitorEvent): OtherEvent {
  return { kind: event.type === "agent" ? `agent ${event.subtype}` : event.type, place: event.place };
}
