import { intersectSets } from "../valueSet.js";
import { type AddressSet, intersectAddresses } from "./addressRanges.js";
import { type FlowBox, type NamedSet, numberFields, type SourceSet } from "./flowBox.js";

/** The flows that are in both of two boxes. A box one of whose sets is empty holds none. */
export function intersectBoxes(a: FlowBox, b: FlowBox): FlowBox {
  const numbers = { ...a.numbers, ...b.numbers };
  for (const field of numberFields) {
    const [one, other] = [a.numbers[field], b.numbers[field]];
    if (one && other) numbers[field] = intersectSets(one, other);
  }
  const dst = both<AddressSet>(a.dst, b.dst, intersectAddresses);
  const src = both(a.src, b.src, intersectSources);
  const iif = both(a.iif, b.iif, intersectNames);
  const tunId = both(a.tunId, b.tunId, intersectNames);
  return { ...(dst && { dst }), ...(src && { src }), ...(iif && { iif }), ...(tunId && { tunId }), numbers };
}

function both<T>(a: T | undefined, b: T | undefined, intersect: (a: T, b: T) => T): T | undefined {
  return a !== undefined && b !== undefined ? intersect(a, b) : (a ?? b);
}

function intersectSources(a: SourceSet, b: SourceSet): SourceSet {
  return { addresses: intersectAddresses(a.addresses, b.addresses), none: a.none && b.none };
}

function intersectNames<T>(a: NamedSet<T>, b: NamedSet<T>): NamedSet<T> {
  if (!a.inside && !b.inside) return { names: new Set([...a.names, ...b.names]), inside: false };
  const [some, others] = a.inside ? [a, b] : [b, a];
  return { names: new Set([...some.names].filter((name) => others.names.has(name) === others.inside)), inside: true };
}
