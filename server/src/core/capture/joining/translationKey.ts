import type { EventColumns } from "../columns/eventColumns.js";
import type { FlowKey } from "./flowKeys.js";
import { createRowTable, mixHash } from "./rowTable.js";
import { strengthIndex, type Walks } from "./walks.js";

const enclosed = strengthIndex("enclosed");

/** Flows that packets were seen to be translated from and to: what netfilter or BPF does to one packet of a connection it does to all. */
interface KnownTranslations {
  /**
   * What the flow of a row becomes: the flow of a row, plus one; or, where the row answers, less than 0, the reversed flow of the row that many
   * below 0, less one. 0 where that is not known, or where it is known to become several.
   */
  readonly imageOf: (row: number) => number;
}

function isTranslated({ src, dst, sport, dport }: EventColumns, a: number, b: number): boolean {
  return src[a] !== src[b] || dst[a] !== dst[b] || sport[a] !== sport[b] || dport[a] !== dport[b];
}

/** Gathers the translations of the tails' flows that the joined rows show; `undefined` where they show none. */
function knownTranslations(
  columns: EventColumns,
  { next, strength }: Walks,
  tails: readonly number[],
): KnownTranslations | undefined {
  const { src, dst, sport, dport, protocol } = columns;
  const equal = (a: number, b: number) =>
    protocol[a] === protocol[b] &&
    src[a] === src[b] &&
    dst[a] === dst[b] &&
    sport[a] === sport[b] &&
    dport[a] === dport[b];
  const mirrored = (a: number, b: number) =>
    protocol[a] === protocol[b] &&
    src[a] === dst[b] &&
    dst[a] === src[b] &&
    sport[a] === dport[b] &&
    dport[a] === sport[b];
  const hash = (from: number, to: number, fromPort: number, toPort: number, row: number) =>
    mixHash(mixHash(mixHash(from, to), (fromPort << 16) | toPort), protocol[row] ?? 0);
  const hashAs = (row: number) => hash(src[row] ?? 0, dst[row] ?? 0, sport[row] ?? 0, dport[row] ?? 0, row);
  const hashReversed = (row: number) => hash(dst[row] ?? 0, src[row] ?? 0, dport[row] ?? 0, sport[row] ?? 0, row);

  // Hardly any flow is asked for, and to gather the others would cost more than all else.
  let isAsReversed = false;
  const asked = createRowTable((held, row) => (isAsReversed ? mirrored(held, row) : equal(held, row)));
  // By port, whether a flow from it is asked for: most rows need no other look.
  const isPortAsked = new Uint8Array(1 << 16);
  for (const tail of tails) {
    asked.replaceLatest(tail, hashAs(tail));
    isPortAsked[sport[tail] ?? 0] = 1;
  }
  const isAsked = (row: number): boolean => asked.latest(row, hashAs(row)) >= 0;
  const isAskedReversed = (row: number): boolean => {
    isAsReversed = true;
    const found = asked.latest(row, hashReversed(row));
    isAsReversed = false;
    return found >= 0;
  };

  // Of each flow before its translation one row, and of each flow behind one; what the other side of it is.
  const before = createRowTable(equal);
  let isAnswer = false;
  const behind = createRowTable((held, row) => (isAnswer ? mirrored(held, row) : equal(held, row)));
  const after = new Map<number, number>();
  const origin = new Map<number, number>();
  const note = (held: number, key: number, other: number, sides: Map<number, number>): void => {
    if (held < 0) sides.set(key, other);
    else if (!equal(sides.get(held) ?? held, other)) sides.set(held, -1);
  };
  for (let row = 0; row < columns.length; row++) {
    const to = next[row] ?? -1;
    if (to < 0 || (!isPortAsked[sport[row] ?? 0] && !isPortAsked[dport[to] ?? 0])) continue;
    if (strength[to] === enclosed || !isTranslated(columns, row, to)) continue;
    if (isAsked(row)) {
      const held = before.latest(row, hashAs(row));
      if (held < 0) before.replaceLatest(row, hashAs(row));
      note(held, row, to, after);
    }
    if (isAskedReversed(to)) {
      const held = behind.latest(to, hashAs(to));
      if (held < 0) behind.replaceLatest(to, hashAs(to));
      note(held, to, row, origin);
    }
  }
  if (after.size + origin.size === 0) return undefined;
  return {
    imageOf(row) {
      const to = after.get(before.latest(row, hashAs(row)));
      if (to !== undefined) return to + 1;
      isAnswer = true;
      const from = origin.get(behind.latest(row, hashReversed(row)));
      isAnswer = false;
      return from === undefined ? 0 : -(from + 1);
    },
  };
}

/**
 * Same conversation, and translated as another packet of it was, or as an answer to that must be: connection tracking does the same to every
 * packet of a connection (net/netfilter/nf_nat_core.c: nf_nat_packet). `undefined` where no joined packet shows a translation.
 *
 * @param walks the packets that are joined already
 * @param tails the rows that may go on
 */
export function translationKey(columns: EventColumns, walks: Walks, tails: readonly number[]): FlowKey | undefined {
  const known = tails.length === 0 ? undefined : knownTranslations(columns, walks, tails);
  if (!known) return undefined;
  const { imageOf } = known;
  const { src, dst, sport, dport, protocol, detail } = columns;
  const sourceIn = (image: number) => (image > 0 ? src[image - 1] : dst[-image - 1]) ?? 0;
  const destinationIn = (image: number) => (image > 0 ? dst[image - 1] : src[-image - 1]) ?? 0;
  const sportIn = (image: number) => (image > 0 ? sport[image - 1] : dport[-image - 1]) ?? 0;
  const dportIn = (image: number) => (image > 0 ? dport[image - 1] : sport[-image - 1]) ?? 0;
  const sameKind = (a: number, b: number) => protocol[a] === protocol[b] && detail[a] === detail[b];
  const hash = (row: number, from: number, to: number, fromPort: number, toPort: number) =>
    mixHash(mixHash(mixHash(from, to), (fromPort << 16) | toPort), ((protocol[row] ?? 0) << 16) ^ (detail[row] ?? 0));
  const strength = strengthIndex("translation");
  return {
    offers: (row) => walks.next[row] === -1 && imageOf(row) !== 0,
    seeks: () => true,
    hashOffer(row) {
      const image = imageOf(row);
      return hash(row, sourceIn(image), destinationIn(image), sportIn(image), dportIn(image));
    },
    hashSought: (row) => hash(row, src[row] ?? 0, dst[row] ?? 0, sport[row] ?? 0, dport[row] ?? 0),
    same(a, b) {
      const [one, other] = [imageOf(a), imageOf(b)];
      return (
        sameKind(a, b) &&
        sourceIn(one) === sourceIn(other) &&
        destinationIn(one) === destinationIn(other) &&
        sportIn(one) === sportIn(other) &&
        dportIn(one) === dportIn(other)
      );
    },
    meets(tail, row) {
      const image = imageOf(tail);
      return (
        sameKind(tail, row) &&
        sourceIn(image) === src[row] &&
        destinationIn(image) === dst[row] &&
        sportIn(image) === sport[row] &&
        dportIn(image) === dport[row]
      );
    },
    strength: () => strength,
    crossesCpus: () => false,
  };
}
