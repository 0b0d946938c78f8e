import type { MaskedValue } from "../../net/maskedValue.js";
import { formatPrefix, type Prefix } from "../../net/prefix.js";
import { type AddressClasses, classPrefix } from "../addressClasses.js";
import { type ClassSet, classesOf, hasClass, uniteClasses } from "../classSet.js";
import type { NumberField } from "../openField.js";
import { setHas, type ValueSet } from "../valueSet.js";
import type { Box } from "./box.js";
import type { ChangedRegion } from "./changedRegions.js";

/** Addresses, as prefixes without some of the longer ones inside them. */
export interface AddressWords {
  readonly prefixes: readonly Prefix[];
  readonly except: readonly Prefix[];
}

/** A set of classes as prefixes: those that no other of the set encloses, and what is left out of them. */
export function addressWords(classes: AddressClasses, set: ClassSet): AddressWords {
  const { parents } = classes.leaves;
  const prefixes: Prefix[] = [];
  for (const at of classesOf(set)) {
    const parent = parents[at] as number;
    if (parent < 0 || !hasClass(set, parent)) prefixes.push(classPrefix(classes, at));
  }
  const except: Prefix[] = [];
  for (let range = 0; range < set.length; range += 2) {
    // What is left out of a prefix of the set begins right behind one of its ranges.
    const end = set[range + 1] as number;
    const next = set[range + 2] ?? classes.ends.length;
    for (let at = end; at < next; at = classes.ends[at] as number) {
      const parent = parents[at] as number;
      if (parent >= 0 && hasClass(set, parent)) except.push(classPrefix(classes, at));
    }
  }
  return { prefixes, except };
}

/** More prefixes than this are counted instead of named. */
const namedPrefixes = 4;

function listWords(prefixes: readonly Prefix[]): string {
  const words = prefixes
    .slice(0, namedPrefixes)
    .map((prefix) => (prefix.length === 0 ? "anywhere" : formatPrefix(prefix)));
  const more = prefixes.length - words.length;
  return `${words.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function setWords(classes: AddressClasses, set: ClassSet): string {
  const { prefixes, except } = addressWords(classes, set);
  if (except.length === 0) return listWords(prefixes);
  const left = except.length > namedPrefixes ? `${except.length} longer prefixes` : listWords(except);
  return `${listWords(prefixes)} except ${left}`;
}

/** What a set asks for, where it is not the ordinary value 0; undefined for sets that hold it: the rest beside what rules ask for. */
export function numberWords(field: NumberField, set: ValueSet): string | undefined {
  if (setHas(set, 0)) return undefined;
  const words = set.slice(0, 3).map(({ value, mask }: MaskedValue) => {
    const hex = field === "fwmark" || field === "tos" || field === "flowlabel";
    const shown = hex ? `0x${(value & mask).toString(16)}` : `${(value & mask) >>> 0}`;
    return !hex || mask === 0xffffffff ? shown : `${shown}/0x${mask.toString(16)}`;
  });
  return `${field} ${words.join(", ")}${set.length > 3 ? " ..." : ""}`;
}

/** What a box asks for besides addresses, a clause each. */
export function conditionWords({ template, premises }: Box): string[] {
  const { iif, numbers, tunId } = premises;
  return [
    ...(template.oif === null ? [] : [`bound to ${template.oif}`]),
    ...(iif ? [`iif ${[...iif].join(", ")}`] : []),
    ...[...numbers].flatMap(([field, set]) => numberWords(field, set) ?? []),
    ...(tunId === undefined ? [] : [`tun_id ${tunId}`]),
  ];
}

function originWords(boxes: readonly Box[]): string {
  const own = boxes.some(({ template }) => template.iif === "lo");
  const forwarded = boxes.some(({ template }) => template.iif === undefined);
  return own && forwarded
    ? "forwarded packets and the node's own"
    : own
      ? "the node's own packets"
      : "forwarded packets";
}

/** A region in one line: `forwarded packets to 10.3.1.0/24 from 192.0.2.7, fwmark 0x200/0xf00`. */
export function regionWords({ space, boxes }: ChangedRegion): string {
  const to = setWords(space.dst, uniteClasses(boxes.map(({ dst }) => dst)));
  const sources = boxes.flatMap(({ src }) => (src ? [src] : []));
  const from = sources.length > 0 ? ` from ${setWords(space.src, uniteClasses(sources))}` : " without a source yet";
  const conditions = new Set(boxes.map((box) => conditionWords(box).join(", ")));
  const [only = ""] = conditions;
  const asked = conditions.size > 1 ? "of several kinds" : only;
  return `${originWords(boxes)} to ${to}${from}${asked === "" ? "" : `, ${asked}`}`;
}
