import type { Route } from "../../iproute/route.js";
import type { Address, Family } from "../../net/address.js";
import { containsPrefix, firstAddress, lastAddress, type Prefix } from "../../net/prefix.js";
import { type AddressClasses, classesOfKeys, exampleOfClass, exampleWithin } from "../addressClasses.js";
import { addressKey } from "../addressKey.js";
import { type CompiledTable, sourceLength } from "../compiledTable.js";
import { compareKeys, leavesUpTo } from "../prefixLeaves.js";
import { outcomeOf } from "../sameOutcome.js";

/** Destinations in kinds, of which one table has the same answer, and so has each of some other tables. */
export interface TellingDestinations {
  readonly classes: AddressClasses;
  /** The kind of each class: 0 where the one table has no answer, 1 where all do the same, and otherwise a number for each way to differ. */
  readonly kinds: Int32Array;
  /** What routes of the tables ask of packets besides the destination. */
  readonly tos: readonly number[];
  readonly sources: readonly Prefix[];
}

/** What a route does, or a rule without a table. */
interface Answer {
  readonly what: string;
  /** That of the route's prefix, by which a suppressor may drop it. */
  readonly length: number;
}

/** More values than this that routes ask for are not told apart. */
const valueLimit = 4;

/**
 * Finds where a table's answers differ from those of others. Linear in the routes. Where a route answers some packets only, the answer is
 * taken to be unlike any other.
 *
 * @param own the table, or the word for what is done without one
 * @param others the same of those it is compared with
 */
export function tellingDestinations(
  family: Family,
  own: CompiledTable | string,
  others: readonly (CompiledTable | string)[],
): TellingDestinations {
  const tables = [...new Set([own, ...others])].flatMap((each) => (typeof each === "string" ? [] : [each]));
  const classes = classesOfKeys(
    family,
    tables.map(({ index }) => index),
  );
  const ownAnswers = answersOf(classes, own);
  const otherAnswers = others.filter((other) => other !== own).map((other) => answersOf(classes, other));
  const numbers = new Map<string, number>();
  const kinds = Int32Array.from(classes.ends, (_, at) => {
    const answer = ownAnswers(at);
    if (answer === undefined) return 0;
    const given = otherAnswers.map((answers) => answers(at));
    if (given.every((other) => other === undefined || other.what === answer.what)) return 1;
    const key = JSON.stringify([answer, ...given]);
    const number = numbers.get(key) ?? numbers.size + 2;
    numbers.set(key, number);
    return number;
  });
  const routes = tables.flatMap(({ table }) => table.routes.filter(({ tos, from }) => tos || from));
  return {
    classes,
    kinds,
    tos: [...new Set(routes.flatMap(({ tos }) => tos || []))].slice(0, valueLimit),
    sources: [...new Set(routes.flatMap(({ from }) => (from && from.length > 0 ? [from] : [])))].slice(0, valueLimit),
  };
}

/** The answers of a table, by class: those of its own prefix, or of the one around it. */
function answersOf(classes: AddressClasses, table: CompiledTable | string): (at: number) => Answer | undefined {
  if (typeof table === "string") return () => ({ what: table, length: 0 });
  const { leaves } = classes;
  const { index } = table;
  const answers: (Answer | undefined)[] = [];
  let leaf = 0;
  for (let at = 0; at < leaves.lengths.length; at++) {
    const isOwn = leaf < index.lengths.length && compareKeys(index, leaf, leaves, at) === 0;
    answers.push(isOwn ? answerAt(table, leaf++) : answers[leaves.parents[at] as number]);
  }
  return (at) => answers[at];
}

function answerAt({ table, index: { starts, items } }: CompiledTable, leaf: number): Answer {
  const start = starts[leaf] as number;
  const route = items[start] as Route;
  const { length } = route.dst;
  const isSure = starts[leaf + 1] === start + 1 && !route.tos && !route.incomplete && sourceLength(route) === 0;
  if (!isSure || route.nexthops.some(({ flags }) => flags.length > 0)) return { what: `${table.id} ${leaf}`, length };
  return { what: outcomeOf(route, [...route.nexthops.keys()]), length };
}

/**
 * One destination of each kind for which the table has an answer.
 *
 * @param prefix the destinations that a rule asks for
 * @param inverted whether it asks with `not`: then it may be about those in the prefix, too, and there is one inside and one outside
 */
export function* destinationsOf(
  { classes, kinds }: Pick<TellingDestinations, "classes" | "kinds">,
  prefix: Prefix | undefined,
  inverted: boolean,
): Generator<Address> {
  const around = prefix && exampleWithin(classes, prefix);
  if (around) yield around;
  const isBounded = prefix !== undefined && !inverted;
  const seen = { inside: new Set([0]), outside: new Set([0]) };
  for (let [at, end] = isBounded ? beginningIn(classes, prefix) : [0, kinds.length]; at < end; at++) {
    const kind = kinds[at] as number;
    if (seen.inside.has(kind) && (!inverted || seen.outside.has(kind))) continue;
    const address = exampleOfClass(classes, at);
    if (!address) continue;
    const isInside = !prefix || containsPrefix(prefix, address);
    if (!isInside && !inverted) continue;
    const alike = isInside ? seen.inside : seen.outside;
    if (alike.has(kind)) continue;
    alike.add(kind);
    yield address;
  }
}

/** The classes that begin in a prefix: the first, and behind the last. */
function beginningIn({ leaves }: AddressClasses, prefix: Prefix): [number, number] {
  const first = firstAddress(prefix);
  const start = first.value === 0n ? 0 : leavesUpTo(leaves, addressKey({ ...first, value: first.value - 1n }));
  return [start, leavesUpTo(leaves, addressKey(lastAddress(prefix)))];
}
