import { findFlowWord, flowVerdicts, flowWordSource } from "../../cilium/flowWords.js";
import { describeIdentity } from "../../cilium/identities.js";
import { findObservationPoint, observationPointSource } from "../../cilium/observationPoints.js";
import type { HubbleDetails, MonitorEvent } from "../../monitor/event.js";
import { versionWords } from "../../monitor/version.js";
import type { Explanation, Fact } from "../explanation.js";
import { eventSentence } from "./eventSentence.js";
import { explainDropField } from "./explainDropField.js";
import type { EventContext } from "./explainEventField.js";
import { explainKernelField } from "./explainKernelField.js";

/** Explains a whole event: first the one sentence, then what it proves, what Hubble adds, what comes next, and of which version it is. */
export function explainEvent(event: MonitorEvent, context: EventContext = {}): Explanation {
  const own = explainByType(event, context);
  return {
    ...own,
    facts: [...own.facts, ...hubbleFacts(event.hubble), ...versionFacts(event, context)],
    sources: event.hubble ? [...own.sources, flowWordSource] : own.sources,
  };
}

function explainByType(event: MonitorEvent, context: EventContext): Explanation {
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
    case "pwru": {
      const handled = explainKernelField(event, { path: ["func"] });
      return {
        title: `${event.function} (pwru)`,
        sentences: [...sentences, ...(handled?.sentences?.slice(1) ?? [])],
        facts: event.fwmark === undefined ? [] : [{ name: "fwmark", value: `0x${event.fwmark.toString(16)}` }],
        notes: handled?.notes ?? [],
        sources: handled?.sources ?? [],
      };
    }
    default:
      return { title: `${event.type} message`, sentences, facts: [], notes: [], sources: [] };
  }
}

function hubbleFacts(hubble: HubbleDetails | undefined): Fact[] {
  if (!hubble) return [];
  const { time, nodeName, verdict, isReply } = hubble;
  const source = hubble.sourcePod ?? hubble.sourceName;
  const destination = hubble.destinationPod ?? hubble.destinationName;
  const meaning = verdict === undefined ? undefined : findFlowWord(flowVerdicts, verdict)?.meaning;
  return [
    ...(time === undefined ? [] : [{ name: "time", value: time }]),
    ...(nodeName === undefined ? [] : [{ name: "node", value: nodeName }]),
    ...(source === undefined ? [] : [{ name: "from", value: source }]),
    ...(destination === undefined ? [] : [{ name: "to", value: destination }]),
    ...(verdict === undefined ? [] : [{ name: "verdict", value: verdict, ...(meaning && { text: meaning }) }]),
    ...(isReply === undefined ? [] : [{ name: "reply", text: isReply ? "yes" : "no" }]),
  ];
}

/** Which version of Cilium printed it, and what tells so. Hubble and pwru print alike in all their versions. */
function versionFacts(event: MonitorEvent, { version }: EventContext): Fact[] {
  if (!version || event.hubble || event.type === "pwru") return [];
  const words = versionWords(version);
  return words === undefined ? [] : [{ name: "Cilium", text: words }];
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
