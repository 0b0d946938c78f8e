import type { JoinedEvent } from "../capture/packet.js";
import type { Decision } from "../fib/decision.js";
import { wordsForDecision, wordsForDestination, wordsForTable } from "../fib/decisionWords.js";
import { formatAddress } from "../net/address.js";
import { formatPrefix } from "../net/prefix.js";
import { datapathPlaces } from "../path/datapathGraph.js";
import type { Hop, Step, Trace } from "../path/trace.js";
import type { Place } from "../text/span.js";
import { explainDecision, ruleLine } from "./explainDecision.js";
import { baseName, explainPacket } from "./explainPacket.js";
import { shorten } from "./shorten.js";
import type { Evidence, HopStory, WalkStory } from "./walkStory.js";

/** Gives the text of a place: the shell has the files. */
export type TextOf = (place: Place) => string;

const translationHooks = { dst: "destination", src: "source" } as const;

function stepSentence(step: Step): string {
  switch (step.type) {
    case "observed": {
      const { event, join } = step.joined;
      const ip = event.headers?.ip;
      const seen = ip
        ? `Seen with ${formatAddress(ip.src)} to ${formatAddress(ip.dst)}${ip.ttl === undefined ? "" : `, TTL ${ip.ttl}`}.`
        : "Seen.";
      return join === "addresses"
        ? `${seen} Joined by addresses only: its IP id or ICMP id differs from its neighbours'.`
        : seen;
    }
    case "translated":
      return `Its ${translationHooks[step.end]} becomes ${step.to} (was ${step.from}).`;
    case "routed":
      return explainDecision(step.decision);
    case "contradicted":
      return `By the dumps beside this capture it would have gone elsewhere (${wordsForDecision(step.decision)}): they show another moment of the node than the capture.`;
    case "route-expected":
      return step.decision.type === "route"
        ? `Should have been sent to ${wordsForDestination(step.decision)}, by ${formatPrefix(step.decision.route.dst)} of ${wordsForTable(step.decision.table)}.`
        : explainDecision(step.decision);
    case "dropped": {
      const { event } = step.joined;
      return event.type === "drop" ? `Dropped: ${event.reason}.` : "Dropped.";
    }
  }
}

function logEvidence({ event }: JoinedEvent, textOf: TextOf): Evidence {
  const what = event.type === "trace" ? event.observationPoint : "drop";
  return {
    kind: "log",
    label: `${baseName(event.place.file)}, ${what}`,
    text: shorten(textOf(event.place)),
    place: event.place,
  };
}

function decisionEvidence(decision: Decision): Evidence[] {
  if (decision.type === "branch") return [...decisionEvidence(decision.ifMet), ...decisionEvidence(decision.ifNot)];
  if (decision.type !== "route" && decision.type !== "error") return [];
  const { rule, route } = decision;
  return [
    ...(rule && rule.place.file !== ""
      ? [{ kind: "rule" as const, label: `rule ${rule.priority}`, text: ruleLine(rule), place: rule.place }]
      : []),
    ...(route && route.place.file !== "" ? [routeEvidence(decision)] : []),
  ];
}

function routeEvidence(decision: Extract<Decision, { type: "route" | "error" }>): Evidence {
  const label = decision.type === "route" ? wordsForTable(decision.table) : "route";
  const place = decision.route?.place ?? { file: "", start: 0, end: 0 };
  return { kind: "route", label, text: decision.route ? formatPrefix(decision.route.dst) : "", place };
}

function evidenceOf(step: Step, textOf: TextOf): Evidence[] {
  switch (step.type) {
    case "observed":
    case "dropped":
      return [logEvidence(step.joined, textOf)];
    case "routed":
    case "contradicted":
    case "route-expected":
      return decisionEvidence(step.decision).map((evidence) =>
        evidence.kind === "route" ? { ...evidence, text: shorten(textOf(evidence.place)) } : evidence,
      );
    case "translated":
      return [];
  }
}

function hopStory(hop: Hop, textOf: TextOf): HopStory {
  const place = datapathPlaces[hop.place];
  const seen = hop.steps.some(({ type }) => type === "observed" || type === "dropped");
  const endpoint = hop.endpoint === undefined ? undefined : `endpoint ${hop.endpoint}`;
  const device = hop.device ?? endpoint;
  return {
    place: hop.place,
    lane: place.lane,
    title: place.title,
    ...(device === undefined ? {} : { device }),
    seen,
    sentences: hop.steps.map(stepSentence),
    evidence: hop.steps.flatMap((step) => evidenceOf(step, textOf)),
  };
}

function notesOf(trace: Trace): string[] {
  const { packet, witness } = trace;
  const weak = packet.events.filter(({ join }) => join === "addresses").length;
  const contents = packet.events.find(({ join }) => join === "contents" || join === "trace-id");
  const witnessEvent = witness?.events.at(-1)?.event;
  return [
    ...(contents ? [`Its events belong together by ${contents.by}.`] : []),
    ...(weak > 0
      ? [
          `${weak === 1 ? "One event was" : `${weak} events were`} joined by addresses only, and may be of another packet.`,
        ]
      : []),
    ...(packet.directionKnown === "inferred" ? [`That it is a ${packet.direction} is inferred.`] : []),
    ...(witnessEvent ? [`${baseName(witnessEvent.place.file)} shows such a packet on the normal way, delivered.`] : []),
  ];
}

/** A trace in words. */
export function explainTrace(trace: Trace, textOf: TextOf): WalkStory {
  const expected = trace.expected?.map((hop) => hopStory(hop, textOf));
  return {
    ...explainPacket(trace),
    hops: trace.hops.map((hop) => hopStory(hop, textOf)),
    ...(expected ? { expected } : {}),
    ...(trace.parting === undefined ? {} : { parting: trace.parting }),
    notes: notesOf(trace),
  };
}
