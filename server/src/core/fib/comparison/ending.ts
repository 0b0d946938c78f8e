import { type ClassSet, uniteClasses } from "../classSet.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { findTable } from "../evidence.js";
import type { Box, FlowSpace } from "./box.js";
import { actOnBox, type BoxEnd, type BoxOutcome } from "./boxAction.js";

/**
 * How the walk of a box ends: by destination, so that a table of ten thousand routes need not make ten thousand boxes. The parts hold every
 * destination of the box, and each only once.
 */
export interface Ending {
  readonly parts: readonly EndingPart[];
}

export interface EndingPart {
  readonly dst: ClassSet;
  readonly end: BoxEnd;
}

/** A part of a box on which a rule ends the walk, or lets it go on. */
export interface EndedBox {
  readonly box: Box;
  readonly ending?: Ending;
}

/** What a rule does to a box, as `actOnBox`, with all that it ends in one ending. */
export type RuleAction = (rule: CompiledRule, box: Box) => readonly EndedBox[];

/** What has been worked out, for boxes that differ in their sources only. */
interface Known extends Pick<Box, "template" | "premises"> {
  readonly unsourced: boolean;
  readonly suppressed: number | undefined;
  readonly group: number | string | undefined;
  readonly kind: string;
  readonly outcomes: readonly EndedBox[];
}

/**
 * The rules of a state as what they do to boxes. IPv4 looks up a destination whatever the source, so rules that differ in their source only
 * come to the very same ending: by that, their boxes can be put together again.
 */
export function ruleActions(space: FlowSpace, fib: Fib): RuleAction {
  const known = new Map<unknown, Map<ClassSet, Known[]>>();
  if (space.family === 6) return (rule, box) => gatherEndings(actOnBox(space, fib, rule, box));
  return (compiled, box) => {
    const { rule } = compiled;
    const actor = actorOf(fib, compiled);
    const ofActor = known.get(actor) ?? new Map<ClassSet, Known[]>();
    known.set(actor, ofActor);
    const alike = ofActor.get(box.dst) ?? [];
    ofActor.set(box.dst, alike);
    const key = {
      template: box.template,
      premises: box.premises,
      unsourced: box.src === undefined,
      suppressed: rule.suppressPrefixLength,
      group: rule.suppressIfGroup,
      kind: space.kinds.ofRule(rule),
    };
    const same = alike.find((each) => sameKey(each, key));
    const outcomes = same?.outcomes ?? gatherEndings(actOnBox(space, fib, compiled, box));
    if (!same) alike.push({ ...key, outcomes });
    return outcomes.map((outcome) => ({ ...outcome, box: { ...outcome.box, src: box.src } }));
  };
}

function sameKey(a: Known, b: Omit<Known, "outcomes">): boolean {
  return (
    a.template === b.template &&
    a.premises === b.premises &&
    a.unsourced === b.unsourced &&
    a.suppressed === b.suppressed &&
    a.group === b.group &&
    a.kind === b.kind
  );
}

/** What decides what a rule does: the table it looks up, or the word for what it does instead. */
function actorOf(fib: Fib, compiled: CompiledRule): unknown {
  const { action, l3mdev } = compiled.rule;
  if (action.type !== "lookup") return action.type;
  if (l3mdev) return "l3mdev";
  const table = findTable(fib, compiled);
  return table && "missing" in table ? table.missing : table;
}

/** Outcomes that differ in their destinations only, put together. */
export function gatherEndings(outcomes: readonly BoxOutcome[]): EndedBox[] {
  const gathered: EndedBox[] = [];
  const ended: { readonly box: Box; readonly parts: EndingPart[] }[] = [];
  for (const { box, end } of outcomes) {
    if (!end) {
      gathered.push({ box });
      continue;
    }
    const part = { dst: box.dst, end };
    const others = ended.find(({ box: other }) => other.premises === box.premises && other.src === box.src);
    if (others) others.parts.push(part);
    else ended.push({ box, parts: [part] });
  }
  return [
    ...gathered,
    ...ended.map(({ box, parts }) => ({
      box: parts.length === 1 ? box : { ...box, dst: uniteClasses(parts.map(({ dst }) => dst)) },
      ending: { parts },
    })),
  ];
}

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly part: number;
}

const sorted = new WeakMap<Ending, readonly Segment[]>();

function segmentsOf(ending: Ending): readonly Segment[] {
  const known = sorted.get(ending);
  if (known) return known;
  const segments: Segment[] = [];
  for (const [part, { dst }] of ending.parts.entries()) {
    for (let range = 0; range < dst.length; range += 2) {
      segments.push({ start: dst[range] as number, end: dst[range + 1] as number, part });
    }
  }
  segments.sort((a, b) => a.start - b.start);
  sorted.set(ending, segments);
  return segments;
}

/** Destinations for which several walks end in one way each. */
export interface JointEnd {
  readonly dst: ClassSet;
  readonly ends: readonly BoxEnd[];
}

/**
 * The destinations of a box by how several walks end together; those for which the first two end alike are left out. Goes over the
 * destinations once.
 */
export function overlayEndings(dst: ClassSet, endings: readonly Ending[]): JointEnd[] {
  const lists = endings.map(segmentsOf);
  const at = lists.map(() => 0);
  const joint = new Map<string, { readonly dst: number[]; readonly ends: readonly BoxEnd[] }>();
  for (let range = 0; range < dst.length; range += 2) {
    const last = dst[range + 1] as number;
    for (let start = dst[range] as number; start < last; ) {
      const now = lists.map((segments, list) => segmentHolding(segments, start, at, list));
      const end = Math.min(last, ...now.map((segment) => segment.end));
      const key = now.map(({ part }) => part).join();
      const known = joint.get(key);
      if (!known) joint.set(key, { dst: [start, end], ends: now.map(({ part }, list) => endOf(endings[list], part)) });
      else if (known.dst.at(-1) === start) known.dst[known.dst.length - 1] = end;
      else known.dst.push(start, end);
      start = end;
    }
  }
  return [...joint.values()].filter(({ ends: [before, after] }) => before?.outcome !== after?.outcome);
}

function segmentHolding(segments: readonly Segment[], start: number, at: number[], list: number): Segment {
  let segment = segments[at[list] as number] as Segment;
  while (segment.end <= start) {
    at[list] = (at[list] as number) + 1;
    segment = segments[at[list] as number] as Segment;
  }
  return segment;
}

function endOf(ending: Ending | undefined, part: number): BoxEnd {
  return (ending as Ending).parts[part]?.end as BoxEnd;
}
