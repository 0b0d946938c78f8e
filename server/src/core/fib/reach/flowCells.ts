import type { Address, Family } from "../../net/address.js";
import { type Flow, protocolsWithPorts } from "../flow.js";
import { type NumberField, numberFieldMasks } from "../openField.js";
import { intersectSets, rangeSet, subtractSet, type ValueSet } from "../valueSet.js";
import { type AddressSet, allAddresses, intersectAddresses } from "./addressRanges.js";
import { allNumbers, type FlowBox, type NamedSet } from "./flowBox.js";

/** Flows that a list of boxes does not tell apart: one example, and the boxes it lies in, a bit each. */
export interface FlowCell {
  readonly flow: Flow;
  readonly boxes: bigint;
}

/** A part of a flow that boxes do not tell apart, with the boxes whose conditions on this part it meets. */
interface Part {
  readonly fields: Partial<Flow>;
  readonly boxes: bigint;
}

export interface CellOptions {
  readonly family: Family;
  /** The device that the flows are bound to. */
  readonly oif: string | null;
  /** A device that no rule names, to stand for all others. */
  readonly otherDevice: string;
  /** Whether only the cells in the fewest boxes are wanted: one that lies in all boxes of another, and more, is left out. */
  readonly fewest: boolean;
}

/** More cells than this are not listed. */
const cellLimit = 4096;

/** More masked values than this are not told apart. */
const pieceLimit = 1024;

/**
 * Cuts a box of flows along the sides of other boxes and gives an example of each kind of piece there is: of all that lie in the same
 * boxes, one. (Header-space atoms, as Kazemian et al., NSDI 2012, and Yang and Lam, ICNP 2013, cut them.) Only flows that exist count:
 * what came in by a device was sent by no socket of this node, and packets without ports have the ports 0.
 *
 * @returns the cells, or undefined where there would be too many.
 */
export function cellsOf(space: FlowBox, boxes: readonly FlowBox[], options: CellOptions): FlowCell[] | undefined {
  const all = (1n << BigInt(boxes.length)) - 1n;
  const prune = options.fewest ? keepFewest : keepDistinct;
  const { family, oif } = options;
  const dst = addressParts(
    space.dst ?? allAddresses(family),
    boxes.map((box) => box.dst),
    (address) => ({ dst: { family, value: address } }),
  );
  const groups: (Part[] | undefined)[] = [dst, originParts()];
  if (isAsked("ipproto", "sport", "dport")) groups.push(transportParts());
  for (const field of ["fwmark", "tos", "flowlabel"] as const) {
    if (isAsked(field)) groups.push(numberParts(field, allNumbers(field)));
  }
  let cells: Part[] = [{ fields: {}, boxes: all }];
  for (const parts of groups) {
    if (!parts) return undefined;
    cells = prune(product(cells, prune(parts)));
    if (cells.length > cellLimit) return undefined;
  }
  return cells.map(({ fields, boxes: inside }) => ({ flow: { ...emptyFlow(family), oif, ...fields }, boxes: inside }));

  function isAsked(...fields: readonly NumberField[]): boolean {
    return [space, ...boxes].some(({ numbers }) => fields.some((field) => numbers[field] !== undefined));
  }

  /** Bits of the boxes for which `holds`. */
  function bitsWhere(holds: (box: FlowBox) => boolean): bigint {
    return boxes.reduce((bits, box, at) => (holds(box) ? bits | (1n << BigInt(at)) : bits), 0n);
  }

  function numberParts(field: NumberField, within: ValueSet): Part[] | undefined {
    let pieces: { set: ValueSet; boxes: bigint }[] = [
      { set: intersectSets(space.numbers[field] ?? allNumbers(field), within), boxes: all },
    ];
    for (const [at, box] of boxes.entries()) {
      const wanted = box.numbers[field];
      if (!wanted) continue;
      const bit = 1n << BigInt(at);
      pieces = pieces
        .flatMap(({ set, boxes: inside }) => [
          { set: intersectSets(set, wanted), boxes: inside },
          { set: subtractSet(set, wanted), boxes: inside & ~bit },
        ])
        .filter(({ set }) => set.length > 0);
      if (pieces.reduce((count, { set }) => count + set.length, 0) > pieceLimit) return undefined;
    }
    return pieces
      .filter(({ set }) => set.length > 0)
      .map(({ set, boxes: inside }) => ({ fields: { [field]: exampleNumber(field, set) }, boxes: inside }));
  }

  /** Ports depend on the protocol. */
  function transportParts(): Part[] | undefined {
    const any = allNumbers("ipproto");
    const none = subtractSet(any, withPorts);
    const groupsOf = [
      [
        numberParts("ipproto", withPorts),
        numberParts("sport", allNumbers("sport")),
        numberParts("dport", allNumbers("dport")),
      ],
      [numberParts("ipproto", none), numberParts("sport", zero), numberParts("dport", zero)],
    ];
    return combine(groupsOf);
  }

  /** Where a packet comes from tells whose it can be: only what this node sends has a uid, or no source yet. */
  function originParts(): Part[] | undefined {
    const sources = addressParts(
      space.src?.addresses ?? allAddresses(family),
      boxes.map((box) => box.src?.addresses),
      (address) => ({ src: { family, value: address } }),
    );
    const everyBox = [space, ...boxes];
    const maySendNone = family === 6 && (space.src?.none ?? true) && boxes.some(({ src }) => src !== undefined);
    const asksOrigin = everyBox.some(({ iif, tunId }) => iif !== undefined || tunId !== undefined) || isAsked("uid");
    if (oif === null && !maySendNone && !asksOrigin) {
      return sources.map(({ fields, boxes: inside }) => ({
        fields: { iif: options.otherDevice, ...fields },
        boxes: inside,
      }));
    }
    const noSource: Part[] =
      family === 6 && (space.src?.none ?? true)
        ? [{ fields: { src: null }, boxes: bitsWhere(({ src }) => src?.none ?? true) }]
        : [];
    const local = namedParts(
      "iif",
      space.iif,
      boxes.map((box) => box.iif),
      ["lo"],
    );
    const devices = new Set(boxes.flatMap(({ iif }) => [...(iif?.names ?? [])]));
    for (const name of space.iif?.names ?? []) devices.add(name);
    devices.delete("lo");
    const incoming =
      oif === null
        ? namedParts(
            "iif",
            space.iif,
            boxes.map((box) => box.iif),
            [options.otherDevice, ...devices],
          )
        : [];
    const ids = new Set([
      0n,
      ...boxes.flatMap(({ tunId }) => [...(tunId?.names ?? [])]),
      ...(space.tunId?.names ?? []),
    ]);
    let other = 1n;
    while (ids.has(other)) other++;
    const tunnels = (names: Iterable<bigint>) =>
      namedParts(
        "tunId",
        space.tunId,
        boxes.map((box) => box.tunId),
        names,
      );
    return combine([
      [incoming, sources, numberParts("uid", zero), tunnels([...ids, other])],
      [local, [...sources, ...noSource], numberParts("uid", allNumbers("uid")), tunnels([0n])],
    ]);
  }

  function namedParts<T extends string | bigint>(
    field: "iif" | "tunId",
    wanted: NamedSet<T> | undefined,
    sets: readonly (NamedSet<T> | undefined)[],
    names: Iterable<T>,
  ): Part[] {
    const holds = (set: NamedSet<T> | undefined, name: T) => !set || set.names.has(name) === set.inside;
    return [...names]
      .filter((name) => holds(wanted, name))
      .map((name) => ({
        fields: { [field]: name },
        boxes: sets.reduce((bits, set, at) => (holds(set, name) ? bits | (1n << BigInt(at)) : bits), 0n),
      }));
  }

  function addressParts(
    within: AddressSet,
    sets: readonly (AddressSet | undefined)[],
    fieldsOf: (address: bigint) => Partial<Flow>,
  ): Part[] {
    return cutAddresses(within, sets).map(({ address, boxes: inside }) => ({
      fields: fieldsOf(address),
      boxes: inside,
    }));
  }

  /** The products of each list of groups, together. */
  function combine(lists: readonly (readonly (Part[] | undefined)[])[]): Part[] | undefined {
    const result: Part[] = [];
    for (const list of lists) {
      let parts: Part[] = [{ fields: {}, boxes: all }];
      for (const group of list) {
        if (!group) return undefined;
        parts = prune(product(parts, prune(group)));
        if (parts.length > cellLimit) return undefined;
      }
      result.push(...parts);
    }
    return result;
  }
}

const withPorts: ValueSet = [...protocolsWithPorts].flatMap((protocol) => rangeSet(protocol, protocol));
const zero: ValueSet = rangeSet(0, 0);

/** A TCP packet of the node itself with nothing particular about it. */
export function emptyFlow(family: Family): Flow {
  const dst: Address = { family, value: 0n };
  return {
    family,
    dst,
    src: null,
    iif: "lo",
    oif: null,
    fwmark: 0,
    tos: 0,
    flowlabel: 0,
    uid: 0,
    ipproto: 6,
    sport: 0,
    dport: 0,
    tunId: 0n,
  };
}

function product(left: readonly Part[], right: readonly Part[]): Part[] {
  const [only] = right;
  if (right.length === 1 && only) {
    return left.map(({ fields, boxes }) => ({ fields: { ...fields, ...only.fields }, boxes: boxes & only.boxes }));
  }
  return left.flatMap((a) => right.map((b) => ({ fields: { ...a.fields, ...b.fields }, boxes: a.boxes & b.boxes })));
}

function keepDistinct(parts: readonly Part[]): Part[] {
  const byBoxes = new Map<bigint, Part>();
  for (const part of parts) if (!byBoxes.has(part.boxes)) byBoxes.set(part.boxes, part);
  return [...byBoxes.values()];
}

/** A part that lies in all boxes of another one says nothing that the other does not. */
function keepFewest(parts: readonly Part[]): Part[] {
  const distinct = keepDistinct(parts);
  return distinct.filter(
    ({ boxes }) => !distinct.some((other) => other.boxes !== boxes && (other.boxes & boxes) === other.boxes),
  );
}

/** Cuts `within` where one of the sets begins or ends. Of the pieces that lie in the same sets, the first one counts. */
function cutAddresses(
  within: AddressSet,
  sets: readonly (AddressSet | undefined)[],
): { readonly address: bigint; readonly boxes: bigint }[] {
  let everywhere = 0n;
  const changes: { readonly at: bigint; readonly bit: bigint }[] = [];
  for (const [index, set] of sets.entries()) {
    const bit = 1n << BigInt(index);
    if (!set) {
      everywhere |= bit;
      continue;
    }
    for (const { first, last } of intersectAddresses(set, within)) {
      changes.push({ at: first, bit }, { at: last + 1n, bit });
    }
  }
  changes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const found = new Map<bigint, bigint>();
  let next = 0;
  let inside = 0n;
  for (const { first, last } of within) {
    let at = first;
    while (at <= last) {
      for (let change = changes[next]; change && change.at <= at; change = changes[++next]) inside ^= change.bit;
      const until = changes[next]?.at;
      const end = until === undefined || until > last ? last : until - 1n;
      const boxes = everywhere | inside;
      // Not the first address where there is another: in a subnet that one means the subnet itself.
      if (!found.has(boxes)) found.set(boxes, end > at ? at + 1n : at);
      at = end + 1n;
    }
  }
  return [...found].map(([boxes, address]) => ({ address, boxes }));
}

/** A number of a set; for a protocol TCP or UDP where they are in it. */
function exampleNumber(field: NumberField, set: ValueSet): number {
  const usual = field === "ipproto" ? [6, 17] : [0];
  const known = usual.find((number) => set.some(({ value, mask }) => ((number ^ value) & mask) === 0));
  const [first] = set;
  return known ?? (first ? (first.value & first.mask & numberFieldMasks[field]) >>> 0 : 0);
}
