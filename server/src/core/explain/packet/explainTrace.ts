import type { Packet, PacketReference } from "../../capture/packet.js";
import type { Decision } from "../../fib/decision.js";
import { wordsForDecision, wordsForDestination, wordsForTable } from "../../fib/decisionWords.js";
import { formatAddress } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import { datapathPlaces } from "../../path/datapathPlaces.js";
import type { Hop, Step, Trace } from "../../path/trace.js";
import { isWeakJoin } from "../../path/weakJoin.js";
import type { Place } from "../../text/span.js";
import { explainDecision, ruleLine } from "../routing/explainDecision.js";
import { shorten } from "../shorten.js";
import { factTitles } from "./explainFacts.js";
import { baseName, explainPacket } from "./explainPacket.js";
import { eventName, witnessEvents, witnessSentence } from "./explainWitness.js";
import type { Evidence, HopStory, WalkStory } from "./walkStory.js";

/** Gives the text of a place: the shell has the files. */
export type TextOf = (place: Place) => string;

const translationHooks = { dst: "destination", src: "source" } as const;

function stepSentence(step: Step): string {
  switch (step.type) {
    case "observed": {
      const { event, join, by, mayBeRepeat } = step.joined;
      const ip = event.headers?.ip;
      const seen = ip
        ? `Seen with ${formatAddress(ip.src)} to ${formatAddress(ip.dst)}${ip.ttl === undefined ? "" : `, TTL ${ip.ttl}`}.`
        : "Seen.";
      if (join === "enclosed") return `${seen} Its IP id or its transport's numbers differ; joined by ${by}.`;
      if (mayBeRepeat) return `${seen} Joined by ${by}, which a retransmission has as well.`;
      return isWeakJoin(step.joined) ? `${seen} Joined by ${by} only.` : seen;
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
      return event.type === "drop" ? `Reason: ${event.reason.replace(/\.$/, "")}.` : "A drop event shows it.";
    }
    case "witnessed":
      return witnessSentence(step.witness);
  }
}

function logEvidence(place: Place, what: string, textOf: TextOf): Evidence {
  return { kind: "log", label: `${baseName(place.file)}, ${what}`, text: shorten(textOf(place)), place };
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
      return [logEvidence(step.joined.event.place, eventName(step.joined.event), textOf)];
    case "witnessed":
      return witnessEvents(step.witness).map((event) => logEvidence(event.place, eventName(event), textOf));
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
    ...(hop.node === undefined ? {} : { node: hop.node }),
    seen,
    sentences: hop.steps.map(stepSentence),
    evidence: hop.steps.flatMap((step) => evidenceOf(step, textOf)),
  };
}

/** Another packet, of the same capture if no other is named, with how sure it is that it is that one. */
function named({ number, by, among, isUnsure }: PacketReference, capture = "its capture"): string {
  const packet = `packet ${number} of ${capture}`;
  if (among !== undefined) return `likely ${packet}, one of ${among} that it may be, by ${by}`;
  if (isUnsure) return `likely ${packet}, by ${by}, though events that would show another are hidden or lost`;
  return `${packet}, by ${by}`;
}

/** The packets that this one is bound up with, a sentence each. */
function relatedPackets(packet: Packet): string[] {
  const { carriedBy, carries, causedBy, about, continues, continuedBy, mayGoOnAs, events } = packet;
  const doubtful = events.find(({ alternative }) => alternative !== undefined)?.alternative;
  return [
    ...(continues ? [`Before, it was ${named(continues, baseName(continues.file))}.`] : []),
    ...(continuedBy ? [`It goes on as ${named(continuedBy, baseName(continuedBy.file))}.`] : []),
    ...(carriedBy ? [`It leaves or comes inside another one: ${named(carriedBy)}.`] : []),
    ...(carries ? [`It carries another one: ${named(carries)}.`] : []),
    ...(about ? [`It is about ${named(about)}.`] : []),
    ...(mayGoOnAs ? [`Perhaps it goes on as ${named(mayGoOnAs)}, which are not enough to join them.`] : []),
    ...(causedBy ? [`The proxy sent it because of ${named(causedBy)}.`] : []),
    ...(doubtful === undefined ? [] : [`An event of it may as well be of packet ${doubtful} of its capture.`]),
  ];
}

/** Which normal way it is where what is known of the set-up leaves several. */
function openWays({ expectedWays = [], openFacts = [] }: Trace): string[] {
  if (expectedWays.length < 2 || openFacts.length === 0) return [];
  const ways = expectedWays.map(({ places }) => places.map((place) => datapathPlaces[place].title).join(" > "));
  return [
    `The normal way has only the places that are sure, because ${factTitles(openFacts)} ${openFacts.length === 1 ? "is" : "are"} not known: it is ${ways.join(", or ")}.`,
  ];
}

function notesOf(trace: Trace): string[] {
  const { packet, witness } = trace;
  const weak = packet.events.filter(isWeakJoin).length;
  const contents = packet.events.find(({ join }) => join === "contents" || join === "trace-id");
  const witnessEvent = witness?.events.at(-1)?.event;
  return [
    ...(contents ? [`Its events belong together by ${contents.by}.`] : []),
    ...(weak > 0
      ? [
          `${weak === 1 ? "One event was" : `${weak} events were`} joined by what other packets may have too, and may be of another one.`,
        ]
      : []),
    ...(packet.directionKnown === "inferred" ? [`That it is a ${packet.direction} is inferred.`] : []),
    ...relatedPackets(packet),
    ...openWays(trace),
    ...(witnessEvent ? [`${baseName(witnessEvent.place.file)} shows such a packet on the normal way, delivered.`] : []),
  ];
}

/** A trace in words. */
export function explainTrace(trace: Trace, textOf: TextOf): WalkStory {
  const told = trace.across ?? trace;
  const hops = told.hops.map((hop) => hopStory(hop, textOf));
  const expected =
    told === trace.across && told.parting === undefined ? hops : told.expected?.map((hop) => hopStory(hop, textOf));
  return {
    ...explainPacket(trace),
    hops,
    ...(expected ? { expected } : {}),
    ...(told.parting === undefined ? {} : { parting: told.parting }),
    notes: notesOf(trace),
  };
}
