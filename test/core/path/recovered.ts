import { buildCase, type CaseNode } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";
import type { PacketEvent } from "../../../server/src/core/monitor/event.js";
import type { Disposition, Hop, Trace } from "../../../server/src/core/path/trace.js";
import type { PlayedCapture, PlayedWalk } from "../../generate/playCapture.js";
import type { Scenario } from "../../generate/scenario.js";

/** A played capture, beside the dumps of its node, as a case of one node. */
export function nodeOf(scenario: Scenario, { node, text }: PlayedCapture): CaseNode {
  const dump = scenario.dumps.get(node);
  const files = [{ file: `${node}/monitor.log`, text }, ...(dump ? [{ file: `${node}/node.txt`, text: dump }] : [])];
  const [only] = buildCase(files.map(readFile)).nodes;
  if (!only) throw new Error("the capture makes no case");
  return only;
}

/** Walks a played capture. */
export function walkCapture(scenario: Scenario, capture: PlayedCapture): readonly Trace[] {
  return nodeOf(scenario, capture).traces;
}

function isOf({ headers }: PacketEvent, { id, packet }: PlayedWalk): boolean {
  if (headers?.ip?.id !== undefined) return headers.ip.id === id;
  if (headers?.l4?.protocol === "tcp") return headers.l4.seq === id * 1000;
  return headers?.l4?.protocol === packet.protocol;
}

/** The traces that hold an event of a played walk. */
export function tracesOf(traces: readonly Trace[], played: PlayedWalk): Trace[] {
  return traces.filter(({ packet }) => packet.events.some(({ event }) => isOf(event, played)));
}

/** Whether an event shows the packet at this hop. */
export function isSeen({ steps }: Hop): boolean {
  return steps.some(({ type }) => type === "observed" || type === "dropped");
}

/** A walk as it is drawn; devices only where the drawing has them. */
export function walkWords(hops: readonly Hop[], { walk }: PlayedWalk): string {
  return hops
    .map((hop, index) => {
      const device = walk.places[index]?.device;
      const at =
        device === undefined || device === "-" || hop.device === undefined ? hop.place : `${hop.place}[${hop.device}]`;
      return isSeen(hop) ? at : `(${at})`;
    })
    .join(" ");
}

/** What was played, drawn the same way. */
export function drawnWords({ walk }: PlayedWalk): string {
  return walk.places
    .map(({ place, silent, device }) => {
      const named = device === undefined || device === "-" || place === "to-stack" ? place : `${place}[${device}]`;
      return silent ? `(${named})` : named;
    })
    .join(" ");
}

export function dispositionWords(disposition: Disposition): string {
  switch (disposition.type) {
    case "wrong-device":
      return `${disposition.type} ${disposition.device ?? "?"}`;
    case "returned":
      return [disposition.type, disposition.by, disposition.device ?? ""].join(" ").trim();
    case "sent":
      return disposition.transit ? "sent in transit" : "sent";
    case "looping":
      return `${disposition.type} ${disposition.ttl.from} ${disposition.ttl.to}`;
    case "insufficient-information":
      return `${disposition.type} ${disposition.missing}`;
    case "dropped":
      return `${disposition.type} ${disposition.reason}`;
    default:
      return disposition.type;
  }
}
