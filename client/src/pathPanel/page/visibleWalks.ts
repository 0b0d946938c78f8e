import type { WalkView } from "../../../../server/src/lsp/protocol.js";
import type { WalkFilter, WalkStatus } from "./panelState.js";

/** Packets of one conversation in one capture, in the order the server gave them. */
export interface WalkGroup {
  readonly key: string;
  readonly file: string;
  readonly conversation: number;
  readonly walks: readonly WalkView[];
}

export interface VisibleWalks {
  readonly groups: readonly WalkGroup[];
  /** The same walks in the order of the list. */
  readonly walks: readonly WalkView[];
  /** How many match the filter but lie beyond the limit. */
  readonly more: number;
}

/**
 * The walks that pass the filter, grouped by conversation. Groups stand in the order of their first walk, so that what the
 * server put first (the broken ones) stays first.
 *
 * @param limit how many walks to return at most
 */
export function visibleWalks(walks: readonly WalkView[], filter: WalkFilter, limit: number): VisibleWalks {
  const terms = filter.text.toLowerCase().split(/\s+/u).filter(Boolean);
  const matching = walks.filter(
    (walk) => (filter.status === "all" || walk.status === filter.status) && hasAllTerms(walk, terms),
  );
  const groups = new Map<string, { file: string; conversation: number; walks: WalkView[] }>();
  for (const walk of matching) {
    const key = `${walk.conversation} ${walk.file}`;
    const group = groups.get(key) ?? { file: walk.file, conversation: walk.conversation, walks: [] };
    group.walks.push(walk);
    groups.set(key, group);
  }
  let room = limit;
  const shown: WalkGroup[] = [];
  for (const [key, group] of groups) {
    if (room <= 0) break;
    shown.push({ ...group, key, walks: group.walks.slice(0, room) });
    room -= group.walks.length;
  }
  const list = shown.flatMap((group) => group.walks);
  return { groups: shown, walks: list, more: matching.length - list.length };
}

/** How many walks there are of each status. */
export function countByStatus(walks: readonly WalkView[]): Readonly<Record<WalkStatus, number>> {
  const counts = { broken: 0, ok: 0, unknown: 0 };
  for (const walk of walks) counts[walk.status]++;
  return counts;
}

function hasAllTerms(walk: WalkView, terms: readonly string[]): boolean {
  if (terms.length === 0) return true;
  const devices = walk.hops.map((hop) => `${hop.title} ${hop.device ?? ""}`);
  const text = [walk.title, walk.detail, walk.outcome, walk.file, walk.direction, walk.status, ...devices]
    .join(" ")
    .toLowerCase();
  return terms.every((term) => text.includes(term));
}
