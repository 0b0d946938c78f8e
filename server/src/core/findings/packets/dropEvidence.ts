import type { CaseNode } from "../../case/case.js";
import type { ReadFile } from "../../case/readFile.js";
import type { Decision } from "../../fib/decision.js";
import type { DropEvent, MonitorEvent, PolicyVerdictEvent } from "../../monitor/event.js";
import { lookupRouted } from "../../path/routedPacket.js";
import { groupBy } from "../groupBy.js";
import { type DroppingEvent, exactFlow } from "./dropGroups.js";

function denies(event: MonitorEvent): event is PolicyVerdictEvent {
  return event.type === "policy-verdict" && event.action === "deny";
}

function isDrop(event: MonitorEvent): event is DropEvent {
  return event.type === "drop";
}

/** Denying verdicts of a file by `exactFlow`, in the order of the file. */
export function verdictsByFlow(file: ReadFile): Map<string | undefined, PolicyVerdictEvent[]> {
  return groupBy(file.events.filter(denies), exactFlow);
}

/** The verdict that a policy drop belongs to: the program reports it just before the drop. */
export function verdictOf(
  verdicts: ReadonlyMap<string | undefined, readonly PolicyVerdictEvent[]>,
  drop: DroppingEvent,
): PolicyVerdictEvent | undefined {
  const key = exactFlow(drop);
  const known = key === undefined ? undefined : verdicts.get(key);
  return known?.findLast(({ place }) => place.start <= drop.place.start) ?? known?.[0];
}

/** What the node's own dumps answer where the kernel's look-up refused. */
export function lookupOf({ state }: CaseNode, event: DroppingEvent): Decision | undefined {
  const { ip } = event.headers ?? {};
  if (event.type !== "drop" || !event.headers || !ip) return undefined;
  const device = [...state.links.values()].find(({ index }) => index !== undefined && index === event.ifindex);
  const packet = { headers: event.headers, src: ip.src, dst: ip.dst, iif: device?.name, events: [] };
  const decision = lookupRouted(state, packet);
  return decision.type === "missing" ? undefined : decision;
}

/** The drops of a file, and the verdicts that deny a packet of which no drop event tells. */
export function droppingEvents(file: ReadFile): DroppingEvent[] {
  const drops = file.events.filter(isDrop);
  const told = new Set(drops.map(exactFlow));
  return file.events.filter(
    (event): event is DroppingEvent => isDrop(event) || (denies(event) && !told.has(exactFlow(event))),
  );
}
