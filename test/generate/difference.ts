import assert from "node:assert/strict";
import { dumpOf, type SmallWorld } from "./smallWorld.js";

/** Where what is said of a node and what every kind of packet shows are not the same. */
export interface Difference {
  /** In words, with the rule's priority first. */
  readonly text: string;
  /** The limit of today's search that lets this happen, a clause. Absent: it must not happen. */
  readonly known?: string;
}

/** Fails for every difference that no known limit explains, with the node as a dump. */
export function assertNone(differences: readonly Difference[], ...worlds: readonly SmallWorld[]): void {
  const unknown = differences.filter(({ known }) => known === undefined).map(({ text }) => text);
  if (unknown.length === 0) return;
  assert.fail([...unknown.slice(0, 5), ...worlds.map(dumpOf)].join("\n"));
}
