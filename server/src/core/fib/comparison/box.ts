import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { containsPrefix } from "../../net/prefix.js";
import { type AddressClasses, classesWithin } from "../addressClasses.js";
import { type ClassSet, intersectClasses, subtractClasses } from "../classSet.js";
import type { CompiledRule } from "../compileFib.js";
import type { Flow } from "../flow.js";
import { assume, type Condition, type OpenFields, type Premises, testCondition } from "../openField.js";
import type { Selector } from "../selector.js";

/** The classes of destinations and of sources that the rules and routes under comparison tell apart. */
export interface FlowSpace {
  readonly family: Family;
  readonly dst: AddressClasses;
  readonly src: AddressClasses;
  /** Destinations for which the look-up binds to a device: IPv6 loopback, link-local and multicast. */
  readonly scoped: ClassSet;
  readonly kinds: AnswerKinds;
}

/** What answers are told apart by besides what they do with a packet, as words; empty ones where that is all. */
export interface AnswerKinds {
  readonly ofRule: (rule: Rule) => string;
  readonly ofRoute: (route: Route) => string;
}

/** The fields of a flow that a box does not leave to its sets. Undefined ones are open, and the box's premises bound them. */
export type FlowTemplate = OpenFields & Pick<Flow, "oif">;

/** A set of flows: every combination of what its fields allow. */
export interface Box {
  readonly template: FlowTemplate;
  readonly dst: ClassSet;
  /** `undefined`: packets of the node itself whose source is not chosen yet. */
  readonly src: ClassSet | undefined;
  readonly premises: Premises;
}

/** What a rule's prefixes stand for in a space. */
interface AddressSets {
  readonly from: ClassSet | undefined;
  /** Whether a packet without a source meets `from`: IPv4 compares 0.0.0.0, IPv6 never. */
  readonly unsourced: boolean;
  readonly to: ClassSet | undefined;
}

/** A selector with the classes its prefixes stand for. */
export interface BoxSelector extends AddressSets {
  readonly selector: Selector;
}

const known = new WeakMap<FlowSpace, WeakMap<Rule, AddressSets>>();

/** A rule's selector made ready for boxes of a space; its prefixes are among those that made the space. */
export function boxSelector(space: FlowSpace, { selector, rule }: CompiledRule): BoxSelector {
  const ofSpace = known.get(space) ?? new WeakMap<Rule, AddressSets>();
  known.set(space, ofSpace);
  const sets = ofSpace.get(rule) ?? addressSets(space, rule);
  ofSpace.set(rule, sets);
  return { selector, ...sets };
}

function addressSets(space: FlowSpace, { from, to }: Rule): AddressSets {
  const asksFrom = from !== undefined && from.length > 0;
  return {
    from: asksFrom ? classesWithin(space.src, from) : undefined,
    unsourced: !asksFrom || (space.family === 4 && containsPrefix(from, { family: 4, value: 0n })),
    to: to && to.length > 0 ? classesWithin(space.dst, to) : undefined,
  };
}

/** A box cut in two by a question: what meets it and what doesn't. Nothing is in both, and nothing is lost. */
export interface SplitBox {
  readonly inside: readonly Box[];
  readonly outside: readonly Box[];
}

/** Cuts a box by a rule's selector, by the meaning of `matchSelector`. */
export function splitBox(
  box: Box,
  { selector, from, unsourced, to }: BoxSelector,
  vrfOf: (device: string) => string | undefined,
): SplitBox {
  const outside: Box[] = [];
  const inside = narrow();
  const split = { inside: inside ? [inside] : [], outside: inside ? outside : [box] };
  return selector.not ? { inside: split.outside, outside: split.inside } : split;

  function narrow(): Box | undefined {
    const { oif, iif } = box.template;
    if (selector.never || (selector.oif && (oif === null || !selector.oif.has(oif)))) return undefined;
    let rest = cutSource(box, from, unsourced, outside);
    if (rest && to) rest = cutDestination(rest, to, outside);
    for (const { condition } of selector.conditions) {
      if (!rest) return undefined;
      rest = cutCondition(rest, condition, outside);
    }
    if (!rest || !selector.l3mdev || (oif !== null && vrfOf(oif) !== undefined)) return rest;
    return oif === null && iif === undefined ? cutCondition(rest, selector.l3mdev, outside) : undefined;
  }
}

function cutSource(box: Box, from: ClassSet | undefined, unsourced: boolean, outside: Box[]): Box | undefined {
  if (!from) return box;
  if (!box.src) return unsourced ? box : undefined;
  const src = intersectClasses(box.src, from);
  if (src.length === 0) return undefined;
  const others = subtractClasses(box.src, from);
  if (others.length === 0) return box;
  outside.push({ ...box, src: others });
  return { ...box, src };
}

function cutDestination(box: Box, to: ClassSet, outside: Box[]): Box | undefined {
  const dst = intersectClasses(box.dst, to);
  if (dst.length === 0) return undefined;
  const others = subtractClasses(box.dst, to);
  if (others.length === 0) return box;
  outside.push({ ...box, dst: others });
  return { ...box, dst };
}

function cutCondition(box: Box, condition: Condition, outside: Box[]): Box | undefined {
  const { inside, outside: others } = splitByCondition(box, condition);
  outside.push(...others);
  return inside[0];
}

/** Cuts a box by a question about one of its open fields. */
export function splitByCondition(box: Box, condition: Condition): SplitBox {
  const holds = testCondition(condition, box.template, box.premises);
  if (holds === true) return { inside: [box], outside: [] };
  if (holds === false) return { inside: [], outside: [box] };
  const side = (met: boolean) => [{ ...box, premises: assume(condition, met, box.premises) }];
  return { inside: side(true), outside: side(false) };
}
