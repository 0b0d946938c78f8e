import { settable } from "../../iproute/printRoute.js";
import type { Route } from "../../iproute/route.js";

/** The scopes that every program knows by name (include/uapi/linux/rtnetlink.h: rt_scope_t). */
export const scopeNumbers: ReadonlyMap<string, number> = new Map([
  ["global", 0],
  ["site", 200],
  ["link", 253],
  ["host", 254],
  ["nowhere", 255],
]);

const attributeWords = /^(\S+) (lock )?(\S+)$/;

interface Attribute {
  readonly name: string;
  readonly locked: boolean;
  readonly value: string;
}

/** The attributes of a route that somebody can set, as `ip` names them; what the kernel reports besides is none. */
function attributesOf({ attributes }: Route): Attribute[] {
  return (attributes ?? [])
    .filter((attribute) => settable.test(attribute))
    .map((attribute) => {
      const [, name, lock, value] = attributeWords.exec(attribute) ?? [];
      return { name: name ?? attribute, locked: lock !== undefined, value: value ?? "" };
    });
}

/** Keys and values of a form for a route's attributes, by its words for them; the locked ones by `lock`, where a form can lock. */
export function attributePairs(
  route: Route,
  words: Readonly<Record<string, string>>,
  lock: (word: string) => readonly (readonly [key: string, value: string])[] = () => [],
): (readonly [key: string, value: string])[] {
  return attributesOf(route).flatMap(({ name, locked, value }) => {
    const word = words[name];
    return word === undefined ? [] : [[word, value] as const, ...(locked ? lock(word) : [])];
  });
}

/** The parts of a route that not every form can say, by the words of `ip route`: its type, its nexthops, its attributes. */
export function routePartsOf(route: Route): string[] {
  const { type, nexthops, family, nhid, from, tos, scope, pref } = route;
  const parts: Readonly<Record<string, boolean>> = {
    [type]: type !== "unicast",
    "several nexthops": nexthops.length > 1,
    nhid: nhid !== undefined,
    from: from !== undefined,
    encap: nexthops.some(({ encap }) => encap !== undefined),
    "a gateway of the other family": nexthops.some(({ via }) => via && via.family !== family),
    tos: tos !== undefined,
    "a scope by its number": scope !== undefined && /^\d+$/.test(scope),
    "a scope of the node's own": scope !== undefined && !/^\d+$/.test(scope) && !scopeNumbers.has(scope),
    "scope site or nowhere": scope === "site" || scope === "nowhere",
    pref: pref !== undefined,
  };
  const attributes = attributesOf(route).map(({ name, locked }) => (locked ? `${name} lock` : name));
  return [...Object.keys(parts).filter((part) => parts[part]), ...attributes];
}
