import type { Place } from "../../text/span.js";
import { type CaptureVersion, parseCiliumVersion } from "../version.js";
import type { Setting } from "./setting.js";

/** A version of Cilium that a text states. */
export interface StatedVersion {
  /** Of 1.x. */
  readonly minor: number;
  /** A sentence. */
  readonly statement: string;
  readonly place: Place;
}

/** The version that the settings of a node state: the agent's, else that of the program that asked it. `undefined` where they state several. */
export function statedVersion(settings: readonly Setting[]): StatedVersion | undefined {
  for (const program of ["agent", "client"]) {
    const stated = settings.filter(({ source, name }) => source === "version" && name === program);
    const minors = new Set(stated.map(({ value }) => parseCiliumVersion(value)));
    const [first] = stated;
    const [minor] = minors;
    if (minors.size > 1) return undefined;
    if (!first || minor === undefined) continue;
    const words = program === "agent" ? "The agent" : "The program that asked the agent";
    return { minor, statement: `${words} is of version ${first.value}.`, place: first.place };
  }
  return undefined;
}

/** The version of a capture, where another text of its node states one. What a setting says counts before, and so does what contradicts it. */
export function withStatedVersion(version: CaptureVersion, stated: StatedVersion | undefined): CaptureVersion {
  if (!stated || version.source === "setting") return version;
  const { since = 0, until = Number.POSITIVE_INFINITY } = version;
  const { minor, statement, place } = stated;
  if (version.conflicting || minor < since || minor > until) {
    const evidence = [...version.evidence, { since: minor, until: minor, statement, place }];
    return { ...version, conflicting: true, evidence };
  }
  return {
    since: minor,
    until: minor,
    conflicting: false,
    source: "stated",
    evidence: [{ since: minor, until: minor, statement, place }],
  };
}
