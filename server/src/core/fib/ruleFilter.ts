import { type AddressKey, maskWord } from "./addressKey.js";
import type { Flow } from "./flow.js";
import type { Selector } from "./selector.js";

/** What the filter needs to know of a rule. */
interface FilteredRule {
  readonly selector: Selector;
}

/** The first word of one address, cut into intervals within which the same rules can match. */
interface Intervals {
  /** The first key of each interval, ascending. */
  readonly starts: Int32Array;
  /** For each interval a row of `blockWords` words: the rules that can match there. */
  readonly rows: Int32Array;
}

/** Up to `blockSize` rules that follow one another. */
interface Block {
  readonly from: Intervals;
  readonly to: Intervals;
  /** By incoming device; rules that name no device are in all rows. */
  readonly devices: ReadonlyMap<string, Int32Array>;
  readonly otherDevices: Int32Array;
}

/**
 * Tells in one step which of many rules may match a flow, after Lakshman and Stiliadis' bit vectors for packet classification (SIGCOMM 1998): for each
 * of source, destination and device a set of rules, as bits; what is in all three sets must be compared in full. Blocks keep the size
 * linear in the number of rules.
 */
export interface RuleFilter {
  readonly count: number;
  readonly blocks: readonly Block[];
  /** A rule's fwmark and mask; the mask is 0 where the mark refuses nothing. */
  readonly marks: Int32Array;
  readonly markMasks: Int32Array;
}

const blockSize = 256;
const blockWords = blockSize / 32;

/** Prepares the filter. Rules with `not` may always match. */
export function buildRuleFilter(rules: readonly FilteredRule[]): RuleFilter {
  const blocks: Block[] = [];
  for (let start = 0; start < rules.length; start += blockSize) {
    blocks.push(buildBlock(rules.slice(start, start + blockSize).map(({ selector }) => selector)));
  }
  const marks = rules.map(({ selector }) => markOf(selector));
  return {
    count: rules.length,
    blocks,
    marks: Int32Array.from(marks, ({ value }) => value),
    markMasks: Int32Array.from(marks, ({ mask }) => mask),
  };
}

function markOf({ not, conditions }: Selector) {
  const mark = conditions.find(({ field }) => field === "fwmark")?.condition;
  const block = mark?.field === "fwmark" ? mark.set[0] : undefined;
  return not || !block ? { value: 0, mask: 0 } : block;
}

function buildBlock(selectors: readonly Selector[]): Block {
  const devices = selectors.map(({ not, conditions }) => {
    const device = conditions.find(({ field }) => field === "iif")?.condition;
    return not || device?.field !== "iif" ? undefined : device.devices;
  });
  const row = (name: string | undefined) =>
    bitsWhere(devices, (named) => named === undefined || (name !== undefined && named.has(name)));
  const names = new Set(devices.flatMap((named) => [...(named ?? [])]));
  return {
    from: cutIntervals(selectors.map(({ not, from }) => (not ? undefined : from))),
    to: cutIntervals(selectors.map(({ not, to }) => (not ? undefined : to))),
    devices: new Map([...names].map((name) => [name, row(name)])),
    otherDevices: row(undefined),
  };
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function cutIntervals(
  tests: readonly ({ readonly key: AddressKey; readonly length: number } | undefined)[],
): Intervals {
  const ranges = tests.map((test) => test && rangeOf(test.key, test.length));
  const cuts = new Set([lowestKey]);
  for (const range of ranges) {
    if (!range) continue;
    cuts.add(range.first);
    if (range.last < highestKey) cuts.add(range.last + 1);
  }
  const starts = Int32Array.from(cuts).sort();
  const rows = new Int32Array(starts.length * blockWords);
  for (const [at, start] of starts.entries()) {
    rows.set(
      bitsWhere(ranges, (range) => !range || (range.first <= start && start <= range.last)),
      at * blockWords,
    );
  }
  return { starts, rows };
}

const lowestKey = -0x80000000;
const highestKey = 0x7fffffff;

function rangeOf(key: AddressKey, length: number): Range {
  const mask = maskWord(length, 0);
  return { first: ((key.w0 ^ lowestKey) & mask) ^ lowestKey, last: ((key.w0 ^ lowestKey) | ~mask) ^ lowestKey };
}

function bitsWhere<T>(list: readonly T[], holds: (item: T) => boolean): Int32Array {
  const bits = new Int32Array(blockWords);
  for (const [at, item] of list.entries())
    if (holds(item)) bits[at >> 5] = (bits[at >> 5] as number) | (1 << (at & 31));
  return bits;
}

/**
 * A function that goes from a rule, itself included, to the next one that may match, or to the end of the rules. An open field refuses
 * nothing.
 */
export function candidateFinder(
  filter: RuleFilter,
  flow: Flow,
  dst: AddressKey,
  src: AddressKey,
): (at: number) => number {
  const { count, blocks, marks, markMasks } = filter;
  const mark = flow.fwmark ?? 0;
  const markKnown = flow.fwmark === undefined ? 0 : -1;
  let entered = -1;
  let block: Block | undefined;
  let fromRow = 0;
  let toRow = 0;
  let devices: Int32Array | undefined;
  const enter = (index: number): Block => {
    const next = blocks[index] as Block;
    entered = index;
    block = next;
    fromRow = rowOf(next.from, src.w0);
    toRow = rowOf(next.to, dst.w0);
    devices = flow.iif === undefined ? undefined : (next.devices.get(flow.iif) ?? next.otherDevices);
    return next;
  };
  return (start) => {
    for (let at = start; at < count; ) {
      const index = (at / blockSize) | 0;
      const { from, to } = index === entered && block ? block : enter(index);
      const word = (at % blockSize) >> 5;
      const sets =
        (from.rows[fromRow + word] as number) &
        (to.rows[toRow + word] as number) &
        (devices ? (devices[word] as number) : -1);
      for (let bits = sets & (-1 << (at & 31)); bits !== 0; bits &= bits - 1) {
        const found = (at & ~31) + 31 - Math.clz32(bits & -bits);
        if (((mark ^ (marks[found] as number)) & (markMasks[found] as number) & markKnown) === 0) return found;
      }
      at = (at & ~31) + 32;
    }
    return count;
  };
}

/** Where the row of a key's interval begins. */
function rowOf({ starts }: Intervals, key: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= key) low = middle + 1;
    else high = middle;
  }
  return (low - 1) * blockWords;
}
