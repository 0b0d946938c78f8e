import { describeIdentity } from "../cilium/identities.js";
import { findObservationPoint, observationPointSource } from "../cilium/observationPoints.js";
import type { MonitorEvent } from "../monitor/event.js";
import { explainDropField } from "./explainEventDropField.js";
import type { EventContext } from "./explainEventField.js";
import { eventSentence } from "./explainEventSentence.js";
import type { Explanation, Fact } from "./explanation.js";

/** Explains a whole event: first the one sentence, then what it proves and what comes next. */
export function explainEvent(event: MonitorEvent, context: EventContext = {}): Explanation {
  const sentences = [eventSentence(event)];
  switch (event.type) {
    case "trace": {
      const point = findObservationPoint(event.observationPoint);
      return {
        title: `${event.observationPoint} event`,
        sentences: point ? [...sentences, point.proves] : sentences,
        facts: [
          ...(point ? [{ name: "usually after", text: point.followedBy }] : []),
          ...(event.state === undefined ? [] : [{ name: "state", value: event.state }]),
          ...identityFacts(event),
        ],
        notes: [],
        sources: [observationPointSource],
      };
    }
    case "drop": {
      const reason = explainDropField(event, { path: ["reason"] }, context);
      return {
        title: `Dropped: ${event.reason}`,
        sentences: [...sentences, ...(reason?.sentences ?? [])],
        facts: [...(reason?.facts ?? []), ...identityFacts(event)],
        notes: reason?.notes ?? [],
        sources: reason?.sources ?? [],
      };
    }
    default:
      return { title: `${event.type} message`, sentences, facts: [], notes: [], sources: [] };
  }
}

function identityFacts(event: { readonly srcIdentity: number; readonly dstIdentity: number }): Fact[] {
  return [
    { name: "source identity", value: String(event.srcIdentity), text: describeIdentity(event.srcIdentity).meaning },
    {
      name: "destination identity",
      value: String(event.dstIdentity),
      text: describeIdentity(event.dstIdentity).meaning,
    },
  ];
}
