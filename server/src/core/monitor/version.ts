import type { Place } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { fingerprints, type VersionRange } from "./versionTraits.js";

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

/** The version of Cilium that printed a capture: what a setting says, else another text of its node, else what the capture's traits tell. */
export interface CaptureVersion extends InferredVersion {
  readonly source: "setting" | "stated" | "capture";
}

/** Which versions of Cilium can have printed these events, and what tells so. Each kind of evidence is named once. */
export function inferVersion(
  events: Iterable<MonitorEvent>,
  isJson: (event: MonitorEvent) => boolean,
): InferredVersion {
  const evidence: VersionEvidence[] = [];
  const statements = new Set<string>();
  const seen = fingerprints.map(() => new Set<string | boolean>());
  for (const event of events) {
    // The traits are those of monitor output; a Hubble record of any version lacks fields that the monitor prints.
    if (event.hubble || event.type === "pwru") continue;
    const json = isJson(event);
    for (const [index, { keyOf, traitOf }] of fingerprints.entries()) {
      const key = keyOf(event, json);
      if (key === undefined || seen[index]?.has(key)) continue;
      seen[index]?.add(key);
      const trait = traitOf(event, json);
      if (!trait || statements.has(trait.statement)) continue;
      statements.add(trait.statement);
      evidence.push({ ...trait, place: event.place });
    }
  }
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

/** The version of Cilium that a capture is of. `setting` is a minor number of 1.x and overrides what the capture tells. */
export function captureVersion(
  events: Iterable<MonitorEvent>,
  isJson: (event: MonitorEvent) => boolean,
  setting?: number,
): CaptureVersion {
  if (setting === undefined) return { ...inferVersion(events, isJson), source: "capture" };
  return { since: setting, until: setting, evidence: [], conflicting: false, source: "setting" };
}

/** The minor number in a version of Cilium as people write it: `1.16`, `v1.16.3`. `undefined` where it is none. */
export function parseCiliumVersion(text: string): number | undefined {
  const minor = /^v?1\.(\d{1,2})(?:\.\d{1,3})?(?:-[\w.]{1,20})?$/.exec(text.trim())?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** A version in words, with what tells it: `1.12 to 1.18: The state unknown exists since 1.12.` `undefined` where nothing is known. */
export function versionWords(version: CaptureVersion): string | undefined {
  const { since, until, source, conflicting, evidence } = version;
  if (since === undefined && until === undefined) return undefined;
  if (source === "setting") return `1.${since}, as the setting says`;
  const told = evidence.map(({ statement }) => statement).join(" ");
  if (conflicting) return `several versions, or a monitor that is not of the agent's: ${told}`;
  const range =
    since === undefined
      ? `1.${until} or older`
      : until === undefined
        ? `1.${since} or newer`
        : since === until
          ? `1.${since}`
          : `1.${since} to 1.${until}`;
  return `${range}: ${told}`;
}
