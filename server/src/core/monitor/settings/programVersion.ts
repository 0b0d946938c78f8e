import type { Stated } from "./setting.js";

const version = "v?(1\\.\\d{1,2}\\.\\d{1,3}(?:-[\\w.]{1,30})?)";

/** How programs say their version; the agent's before the client's. */
const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
  // `cilium version` in the agent's pod (cilium-dbg/cmd/version.go).
  ["agent", new RegExp(`^\\s*Daemon: ${version} `)],
  ["client", new RegExp(`^\\s*Client: ${version} `)],
  // The installer's `cilium version` (cilium-cli/cli/version.go).
  ["agent", new RegExp(`^\\s*cilium image \\(running\\): ${version}\\s*$`)],
  // The image of the agent's pods, in any listing.
  ["agent", new RegExp(`[/\\s"]cilium/cilium:${version}(?![\\w.])`)],
  // The agent's first line in its log (daemon/cmd/daemon_main.go).
  ["agent", new RegExp(`msg="Cilium ${version} `)],
];

/** Reads the version of the agent, or of the program that asked it, from a line that states it. */
export function readProgramVersion(line: string): Stated | undefined {
  for (const [name, shape] of shapes) {
    const value = shape.exec(line)?.[1];
    if (value !== undefined) return { source: "version", name, value };
  }
  return undefined;
}
