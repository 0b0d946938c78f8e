import { packetsOf } from "../casePackets.js";
import { type AnalysedCase, textOf } from "../caseStore.js";
import type { EventsParams, EventsResult, LocationView } from "../protocol.js";
import { toLocation } from "../toLsp.js";

/** `packetwalk/events`: the events of a packet's conversation, in the order of the capture, each as it stands there. */
export function events(analysed: AnalysedCase, { packet }: EventsParams): EventsResult | null {
  const known = packetsOf(analysed).find(packet);
  if (!known) return null;
  const { trace, context, view } = known;
  const places = context
    .conversationOf(trace.packet)
    .flatMap(({ events: joined }) => joined.map(({ event }) => event.place))
    .sort((a, b) => a.start - b.start);
  return {
    events: places.map((place) => ({
      text: textOf(view, place),
      location: toLocation(view, place) as LocationView,
    })),
  };
}
