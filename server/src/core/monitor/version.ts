import { findDropReason } from "../cilium/dropReasons.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { findTraceReason } from "../cilium/traceReasons.js";
import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";

/** Minor versions of Cilium 1.x, both included. Absent = open. */
export interface VersionRange {
  readonly since?: number;
  readonly until?: number;
}

/** A trait of an event that tells the version of Cilium that printed it. */
export interface VersionEvidence extends VersionRange {
  /** A sentence. */
  readonly statement: string;
  /** The first event that has the trait. */
  readonly place: Place;
}

export interface InferredVersion extends VersionRange {
  readonly evidence: readonly VersionEvidence[];
  /** The evidence contradicts itself: events of several versions, or the monitor and the agent are of different ones. */
  readonly conflicting: boolean;
}

type Trait = VersionRange & { readonly statement: string };

/** Says which traits an event has. `isJson`: it was printed by `cilium monitor -j`. */
type Fingerprint = (event: MonitorEvent, isJson: boolean) => Trait | undefined;

const fingerprints: readonly Fingerprint[] = [
  (event, isJson) => {
    if (event.type !== "trace") return undefined;
    if (event.ipTraceId !== undefined) return { since: 19, statement: "A trace id is printed since 1.19." };
    // Text leaves it out where it is 0.
    return isJson ? { until: 18, statement: "Trace messages without IpTraceID are older than 1.19." } : undefined;
  },
  (event) =>
    event.type === "trace" && event.state === "new" && event.observationPoint.startsWith("from-")
      ? { until: 11, statement: "The state new at a receive point is of 1.11 or older." }
      : undefined,
  (event) =>
    event.type === "trace" && event.state !== undefined
      ? sinceOf(`The state ${event.state}`, findTraceReason(event.state))
      : undefined,
  (event) =>
    event.type === "trace"
      ? sinceOf(`The observation point ${event.observationPoint}`, findObservationPoint(event.observationPoint))
      : undefined,
  (event) =>
    event.type === "trace" && event.summary.startsWith("-> proxy port ")
      ? { since: 10, statement: "The proxy port stands in the summary since 1.10." }
      : undefined,
  (event, isJson) => {
    if (event.type !== "drop" || (!isJson && event.bpfFile === undefined)) return undefined;
    return event.bpfFile === undefined
      ? { until: 12, statement: "Drops without a source file are of 1.12 or older." }
      : { since: 12, statement: "Drops name their source file since 1.12." };
  },
  (event) => (event.type === "drop" ? dropTrait(event.reason) : undefined),
  (event) => {
    if (event.type !== "policy-verdict") return undefined;
    return event.auth === undefined
      ? { until: 13, statement: "Policy verdicts without auth are of 1.13 or older." }
      : { since: 14, statement: "Policy verdicts name auth since 1.14." };
  },
  (event) =>
    event.type === "agent" && event.subtype.startsWith("Service ")
      ? { until: 17, statement: "The agent reports services until 1.17." }
      : undefined,
  (event) =>
    (event.type === "trace" || event.type === "drop") && event.headers?.tunnel
      ? { since: 18, statement: "A tunnel's outer headers are printed apart since 1.18." }
      : undefined,
  (event) =>
    (event.type === "trace" || event.type === "drop") &&
    [9, 10].some((id) => id === event.srcIdentity || id === event.dstIdentity)
      ? { since: 15, statement: "The identities 9 and 10 (world-ipv4, world-ipv6) exist since 1.15." }
      : undefined,
];

/** Which versions of Cilium can have printed these events, and what tells so. Each kind of evidence is named once. */
export function inferVersion(
  events: Iterable<MonitorEvent>,
  isJson: (event: MonitorEvent) => boolean,
): InferredVersion {
  const found = new Map<string, VersionEvidence>();
  for (const event of events) {
    // The traits are those of monitor output; a Hubble record of any version lacks fields that the monitor prints.
    if (event.hubble) continue;
    const json = isJson(event);
    for (const fingerprint of fingerprints) {
      const trait = fingerprint(event, json);
      if (trait && !found.has(trait.statement)) found.set(trait.statement, { ...trait, place: event.place });
    }
  }
  const evidence = [...found.values()];
  const since = evidence.reduce((latest, { since = 0 }) => Math.max(latest, since), 0);
  const until = evidence.reduce(
    (first, { until = Number.POSITIVE_INFINITY }) => Math.min(first, until),
    Number.POSITIVE_INFINITY,
  );
  return {
    ...(since > 0 && { since }),
    ...(Number.isFinite(until) && { until }),
    evidence,
    conflicting: since > until,
  };
}

/** Catalogues name versions as `1.12`; what is there since 1.0 tells nothing. */
function sinceOf(
  what: string,
  entry: { readonly since?: string; readonly until?: string } | undefined,
): Trait | undefined {
  const since = minor(entry?.since);
  const until = minor(entry?.until);
  if (!since && !until) return undefined;
  const words = until ? `is of ${entry?.since} to ${entry?.until}` : `exists since ${entry?.since}`;
  return { ...(since && { since }), ...(until && { until }), statement: `${what} ${words}.` };
}

function dropTrait(text: string): Trait | undefined {
  const reason = findDropReason(text);
  const since = minor(reason?.since);
  if (!reason || !since) return undefined;
  return reason.formerTexts?.includes(text)
    ? { until: since - 1, statement: `The drop reason "${text}" was given up with 1.${since}.` }
    : { since, statement: `The drop reason "${text}" exists since 1.${since}.` };
}

function minor(version: string | undefined): number | undefined {
  return version === undefined ? undefined : Number(version.slice(2)) || undefined;
}
