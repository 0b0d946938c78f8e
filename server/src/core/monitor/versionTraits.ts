import { findDropReason } from "../cilium/dropReasons.js";
import { findObservationPoint } from "../cilium/observationPoints.js";
import { findTraceReason } from "../cilium/traceReasons.js";
import type { MonitorEvent, TraceEvent } from "./event.js";

/** Minor versions of Cilium 1.x, both included. Absent = open. */
export interface VersionRange {
  readonly since?: number;
  readonly until?: number;
}

/** A trait of an event, with the versions that have it and a sentence about it. */
export type Trait = VersionRange & { readonly statement: string };

/**
 * A way to tell a version. `keyOf` is what the trait depends on, and `undefined` where an event has nothing to tell; each key is asked
 * about once. `isJson`: the event was printed by `cilium monitor -j`.
 */
export interface Fingerprint {
  readonly keyOf: (event: MonitorEvent, isJson: boolean) => string | boolean | undefined;
  readonly traitOf: (event: MonitorEvent, isJson: boolean) => Trait | undefined;
}

/** A trait that an event has or has not. */
function traitIf(has: (event: MonitorEvent, isJson: boolean) => boolean, trait: Trait): Fingerprint {
  return { keyOf: (event, isJson) => has(event, isJson) || undefined, traitOf: () => trait };
}

/** Of an event at one of Cilium's observation points. */
const isTrace = (event: MonitorEvent): event is TraceEvent => event.type === "trace";

/** All that is known to tell versions apart. */
export const fingerprints: readonly Fingerprint[] = [
  traitIf((event) => isTrace(event) && event.ipTraceId !== undefined, {
    since: 19,
    statement: "A trace id is printed since 1.19.",
  }),
  // Text leaves it out where it is 0.
  traitIf((event, isJson) => isTrace(event) && isJson && event.ipTraceId === undefined, {
    until: 18,
    statement: "Trace messages without IpTraceID are older than 1.19.",
  }),
  traitIf((event) => isTrace(event) && event.state === "new" && event.observationPoint.startsWith("from-"), {
    until: 11,
    statement: "The state new at a receive point is of 1.11 or older.",
  }),
  {
    keyOf: (event) => (isTrace(event) ? event.state : undefined),
    traitOf: (event) =>
      isTrace(event) && event.state !== undefined
        ? sinceOf(`The state ${event.state}`, findTraceReason(event.state))
        : undefined,
  },
  {
    keyOf: (event) => (isTrace(event) ? event.observationPoint : undefined),
    traitOf: (event) =>
      isTrace(event)
        ? sinceOf(`The observation point ${event.observationPoint}`, findObservationPoint(event.observationPoint))
        : undefined,
  },
  traitIf((event) => isTrace(event) && event.summary.startsWith("-> proxy port "), {
    since: 10,
    statement: "The proxy port stands in the summary since 1.10.",
  }),
  traitIf((event, isJson) => event.type === "drop" && isJson && event.bpfFile === undefined, {
    until: 12,
    statement: "Drops without a source file are of 1.12 or older.",
  }),
  traitIf((event) => event.type === "drop" && event.bpfFile !== undefined, {
    since: 12,
    statement: "Drops name their source file since 1.12.",
  }),
  {
    keyOf: (event) => (event.type === "drop" ? event.reason : undefined),
    traitOf: (event) => (event.type === "drop" ? dropTrait(event.reason) : undefined),
  },
  traitIf((event) => event.type === "policy-verdict" && event.auth === undefined, {
    until: 13,
    statement: "Policy verdicts without auth are of 1.13 or older.",
  }),
  traitIf((event) => event.type === "policy-verdict" && event.auth !== undefined, {
    since: 14,
    statement: "Policy verdicts name auth since 1.14.",
  }),
  traitIf((event) => event.type === "agent" && event.subtype.startsWith("Service "), {
    until: 17,
    statement: "The agent reports services until 1.17.",
  }),
  traitIf((event) => event.type === "trace-sock", {
    since: 13,
    statement: "Socket translations are printed since 1.13.",
  }),
  traitIf((event) => event.type === "recorder", {
    since: 10,
    until: 18,
    statement: "The packet recorder is of 1.10 to 1.18.",
  }),
  traitIf((event) => (isTrace(event) || event.type === "drop") && event.headers?.tunnel !== undefined, {
    since: 18,
    statement: "A tunnel's outer headers are printed apart since 1.18.",
  }),
  traitIf(
    (event) =>
      (isTrace(event) || event.type === "drop") &&
      [event.srcIdentity, event.dstIdentity].some((id) => id === 9 || id === 10),
    { since: 15, statement: "The identities 9 and 10 (world-ipv4, world-ipv6) exist since 1.15." },
  ),
];

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
