import type { MonitorEvent } from "../monitor/event.js";
import type { ReadFile } from "./readFile.js";

/** What of a file is of one node. */
export interface NodePart {
  /** The node that its events name; absent for a file that is of one node, whichever that is. */
  readonly node?: string;
  readonly read: ReadFile;
}

/** What happened on a node, not what Relay says of nodes. Hubble puts the name of the cluster before that of the node (pkg/hubble/parser, 1.10 to 1.19): `cluster/node`. */
function nodeNameOf({ type, hubble }: MonitorEvent): string | undefined {
  const name = type === "node-status" ? undefined : hubble?.nodeName;
  return name === undefined ? undefined : name.slice(name.lastIndexOf("/") + 1) || name;
}

/** The nodes that events name, each once, in order. */
export function nodeNames(events: readonly MonitorEvent[]): string[] {
  return [...new Set(events.flatMap((event) => nodeNameOf(event) ?? []))];
}

/**
 * Takes a file of Hubble Relay, whose events are of several nodes (`node_name`), apart, so that no packet is joined across nodes. What names no
 * node goes with the first, but for losses, which may be of any. A file whose events name one node or none, and part of a large one, stay
 * whole.
 */
export function nodeParts(read: ReadFile): NodePart[] {
  const names = read.isPart ? [] : nodeNames(read.events);
  if (names.length < 2) return [{ read }];
  return names.map((node, index): NodePart => {
    const events = read.events.filter((event) => {
      const own = nodeNameOf(event);
      return own === undefined ? index === 0 || event.type === "lost" : own === node;
    });
    if (index === 0) return { node, read: { ...read, events } };
    const transcript = { ...read.transcript, sections: [] };
    return { node, read: { ...read, events, transcript, settings: [], problems: [] } };
  });
}
