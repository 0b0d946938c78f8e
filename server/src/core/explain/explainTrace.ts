import type { JoinedEvent, Packet } from "../capture/packet.js";
import type { Decision } from "../fib/decision.js";
import { wordsForDecision, wordsForDestination, wordsForTable } from "../fib/decisionWords.js";
import type { PacketHeaders } from "../monitor/event.js";
import { formatAddress } from "../net/address.js";
import { formatPrefix } from "../net/prefix.js";
import { datapathPlaces } from "../path/datapathGraph.js";
import type { Disposition, Hop, Step, Trace } from "../path/trace.js";
import type { Place } from "../text/span.js";
import { explainDecision, ruleLine } from "./explainDecision.js";
import { packetWords } from "./explainEventPacket.js";
import { shorten } from "./shorten.js";
import type { Evidence, HopStory, WalkStory } from "./walkStory.js";

/** Gives the text of a place: the shell has the files. */
export type TextOf = (place: Place) => string;

function baseName(file: string): string {
  return decodeURIComponent(file.slice(file.lastIndexOf("/") + 1));
}

/** The two ends as the endpoint sees them: the last addresses of a reply, the first of everything else. */
function tellingHeaders(packet: Packet): PacketHeaders | undefined {
  return packet.direction === "reply"
    ? packet.events.findLast(({ event }) => event.headers?.ip)?.event.headers
    : packet.headers;
}

/** `ICMP echo reply from 10.0.0.1 to 10.0.0.2`. */
function titleOf(headers: PacketHeaders | undefined): string {
  const words = packetWords(headers).replace(/^an? /, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function detailOf({ headers }: Packet): string {
  const { ip, l4 } = headers ?? {};
  const parts: string[] = [];
  if (l4?.protocol === "icmp" || l4?.protocol === "icmpv6") {
    if (l4.id !== undefined) parts.push(`ICMP id ${l4.id} seq ${l4.seq ?? "?"}`);
  } else if (l4?.protocol === "tcp" && l4.seq !== undefined) {
    parts.push(`TCP seq ${l4.seq}`);
  }
  if (ip?.id) parts.push(`IP id ${ip.id}`);
  return parts.join(", ");
}

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

/** What became of the packet, one sentence. */
export function explainDisposition(disposition: Disposition, hops: readonly Hop[]): string {
  switch (disposition.type) {
    case "delivered": {
      const endpoint = hops.at(-1)?.endpoint;
      if (hops.at(-1)?.place === "host-process") return "Delivered to this host.";
      return endpoint === undefined ? "Delivered." : `Delivered to endpoint ${endpoint}.`;
    }
    case "sent": {
      const device = hops.findLast(({ place }) => place === "to-network" || place === "to-overlay")?.device;
      return `Sent${device === undefined ? "" : ` by ${device}`}. What happens on the wire, no file of this node tells.`;
    }
    case "dropped":
      return `Dropped: ${disposition.reason}.`;
    case "wrong-device":
      return `Left by ${disposition.device ?? "a network device"} and never reached its endpoint${disposition.expectedDevice === undefined ? "" : `: it should have gone to ${disposition.expectedDevice}`}.`;
    case "looping":
      return "Loops: the same place sees it again and again.";
    case "lost-in-kernel":
      return "Handed to the kernel and not seen again.";
    case "insufficient-information":
      return `What became of it can't be told: ${disposition.missing}.`;
  }
}

function statusOf({ disposition }: Trace): WalkStory["status"] {
  switch (disposition.type) {
    case "delivered":
    case "sent":
      return "ok";
    case "insufficient-information":
      return "unknown";
    default:
      return "broken";
  }
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

/** The identity of a walk: unique within a case and stable while the files are unchanged. */
export function walkId({ packet }: Trace): string {
  return `${packet.file}#${packet.number}`;
}

/** A trace in words. */
export function explainTrace(trace: Trace, textOf: TextOf): WalkStory {
  const { packet } = trace;
  const headers = tellingHeaders(packet);
  const expected = trace.expected?.map((hop) => hopStory(hop, textOf));
  return {
    id: walkId(trace),
    file: baseName(packet.file),
    title: titleOf(headers),
    detail: detailOf(packet),
    direction: packet.direction,
    conversation: packet.conversation,
    status: statusOf(trace),
    outcome: explainDisposition(trace.disposition, trace.hops),
    hops: trace.hops.map((hop) => hopStory(hop, textOf)),
    ...(expected ? { expected } : {}),
    ...(trace.parting === undefined ? {} : { parting: trace.parting }),
    notes: notesOf(trace),
  };
}

/** Walks with what is broken first, then by file and appearance. */
export function brokenFirst(walks: readonly WalkStory[]): WalkStory[] {
  const rank = { broken: 0, unknown: 1, ok: 2 } as const;
  return [...walks].sort((a, b) => rank[a.status] - rank[b.status]);
}
