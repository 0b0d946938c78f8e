import { settingMeanings } from "../../cilium/settingMeanings.js";
import type { Stated } from "./setting.js";

const titles: ReadonlySet<string> = new Set(
  settingMeanings.filter(({ source }) => source === "status").map(({ name }) => name),
);

/** Titles that stand in other programs' output as well: they count amid rows of `cilium status` alone. */
const commonTitles: ReadonlySet<string> = new Set(["Mode", "Routing", "- NodePort"]);

/** Rows with which the output of `cilium status` begins (pkg/client/client.go: FormatStatusResponse). */
const opening: ReadonlySet<string> = new Set(["KVStore", "ContainerRuntime", "Kubernetes", "KubeProxyReplacement"]);

/** A line of `cilium status`. */
export interface StatusRow {
  /** Whether it shows that the lines around it are of `cilium status`. */
  readonly isOpening: boolean;
  readonly stated?: Stated;
}

/**
 * Reads a row of `cilium status`: `Host Routing:  Legacy`, or `  - NodePort:  Enabled (Range: 30000-32767)` of its details.
 *
 * @param amidStatus whether such rows stand before it
 */
export function readStatusRow(line: string, amidStatus: boolean): StatusRow | undefined {
  const colon = line.indexOf(":");
  if (colon < 0 || colon > 40) return undefined;
  const title = line.slice(0, colon).trim();
  const isOpening = opening.has(title);
  const value = line.slice(colon + 1).trim();
  if (title === "Cilium") {
    const version = /^\w+\s+v?(1\.\d{1,2}\.\d{1,3}\S*)/.exec(value)?.[1];
    return version === undefined
      ? undefined
      : { isOpening: true, stated: { source: "version", name: "agent", value: version } };
  }
  const counts = titles.has(title) && value !== "" && (amidStatus || !commonTitles.has(title));
  if (!counts) return isOpening ? { isOpening } : undefined;
  return { isOpening, stated: { source: "status", name: title, value: value.replace(/\s+/g, " ") } };
}
