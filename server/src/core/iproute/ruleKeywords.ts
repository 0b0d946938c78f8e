import type { Family } from "../net/address.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Place } from "../text/span.js";
import { parseLoosePrefix } from "./loosePrefix.js";
import { dsfieldOf, ipProtocolOf, protocolName, routeTypeOf, tableOf, tableWord } from "./names.js";
import { parseMasked, parseNumber, parseRange } from "./number.js";
import type { NumberRange, Rule, RuleAction, RuleField, TableRef } from "./rule.js";
import type { Word } from "./word.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What of a rule its keywords say, but for the action. */
type RuleParts = Omit<Rule, "family" | "priority" | "not" | "action" | "place" | "rest" | "incomplete">;

/** A rule in the making. */
export interface RuleDraft extends Mutable<RuleParts> {
  not: boolean;
  incomplete: boolean;
  action?: RuleAction;
  table?: TableRef;
  /** The words of an action that the kernel refuses although the line reads like a look-up. */
  refused?: string;
}

/**
 * Reads what follows a keyword into the draft. `at` is the keyword's index; the answer is the number of words read, the
 * keyword included, or 0 if the value cannot be read.
 */
type KeywordReader = (draft: RuleDraft, words: readonly Word[], at: number) => number;

export interface RuleKeyword {
  readonly field: RuleField;
  readonly read: KeywordReader;
  /** Whether a word follows; one that was blotted out by the author is skipped then. */
  readonly hasValue: boolean;
}

/** A keyword with one word behind it, which `parse` reads or refuses (`undefined`). */
function single<K extends RuleField & keyof RuleDraft>(
  field: K,
  parse: (word: string) => RuleDraft[K] | undefined,
): RuleKeyword {
  return {
    field,
    hasValue: true,
    read(draft, words, at) {
      const parsed = parse(words[at + 1]?.text ?? "");
      if (parsed === undefined) return 0;
      draft[field] = parsed;
      return 2;
    },
  };
}

function prefix(field: "from" | "to"): RuleKeyword {
  return {
    field,
    hasValue: true,
    read(draft, words, at) {
      const word = words[at + 1]?.text ?? "";
      if (word === "all" || word === "any" || word === "default") return 2;
      // iproute2 4.17 and 4.18 print a blank before the length: `to 192.168.0.0 /16`.
      const length = words[at + 2]?.text ?? "";
      const split = /^\/\d{1,3}$/.test(length) && !word.includes("/");
      const parsed = parseLoosePrefix(split ? word + length : word);
      if (!parsed) return 0;
      draft[field] = parsed;
      return split ? 3 : 2;
    },
  };
}

function device(field: "iif" | "oif"): RuleKeyword {
  return {
    field,
    hasValue: true,
    read(draft, words, at) {
      const name = words[at + 1]?.text;
      if (name === undefined) return 0;
      const detached = words[at + 2]?.text === "[detached]";
      draft[field] = { name, detached };
      return detached ? 3 : 2;
    },
  };
}

/** Ports are printed as a number or a range, since iproute2 6.15 also under a mask. */
function parsePorts(word: string): NumberRange | MaskedValue | undefined {
  return word.includes("/") ? parseMasked(word, 0xffff) : parseRange(word, 0xffff);
}

/** DSCP by name or number; the names are those of the whole tos byte, of which DSCP is the upper six bits. */
function parseDscp(word: string): MaskedValue | undefined {
  const slash = word.indexOf("/");
  const name = slash < 0 ? word : word.slice(0, slash);
  const tos = dsfieldOf(name);
  return parseMasked(tos === undefined ? word : `${tos >> 2}${word.slice(name.length)}`, 0x3f);
}

function parseTunnelId(word: string): bigint | undefined {
  return /^\d{1,20}$/.test(word) ? BigInt.asUintN(64, BigInt(word)) : undefined;
}

/** Actions other than a look-up, by the kernel's numbers or iproute2's names. */
function actionOf(word: string): RuleAction | undefined {
  if (word === "nop") return { type: "nop" };
  const type = routeTypeOf(word);
  if (type === undefined || type === "unspec" || type === "unicast") return undefined;
  if (type === "unreachable" || type === "prohibit" || type === "blackhole") return { type };
  return { type: "invalid", words: type };
}

/**
 * BusyBox prints every action behind `lookup unspec`, by the name of the route type that has the same number
 * (include/uapi/linux/fib_rules.h: FR_ACT_GOTO = 2 = RTN_LOCAL, FR_ACT_NOP = 3 = RTN_BROADCAST). A goto's target is lost.
 */
function busyboxAction(word: string): RuleAction | undefined {
  if (word === "local") return { type: "goto", target: undefined, unresolved: false };
  if (word === "broadcast") return { type: "nop" };
  return actionOf(word);
}

const lookup: RuleKeyword = {
  field: "action",
  hasValue: true,
  read(draft, words, at) {
    const word = words[at + 1]?.text;
    const next = words[at + 2]?.text;
    if (word === undefined) return 0;
    if (word === "[l3mdev-table]" || (word === "unspec" && next === undefined)) {
      draft.l3mdev = true;
      return 2;
    }
    const action = word === "unspec" && next !== undefined ? busyboxAction(next) : undefined;
    if (action) {
      draft.action = action;
      if (action.type === "goto") draft.incomplete = true;
      return 3;
    }
    // A full stop or comma behind a number belongs to the sentence around the rule.
    const table = tableOf(/^\d+[.,;]$/.test(word) ? word.slice(0, -1) : word);
    if (!table) return 0;
    draft.table = table;
    // Until iproute2 5.0 realms without a source are a bare number behind the table.
    if (next === undefined || !/^\d{1,5}$/.test(next)) return 2;
    draft.realms = next;
    return 3;
  },
};

const goTo: RuleKeyword = {
  field: "action",
  hasValue: true,
  read(draft, words, at) {
    // iproute2 4.17 to 4.20 glue the flag to the number: `goto 4000unresolved`.
    const written = /^(\d{1,10}|none)(unresolved|\[unresolved\])?$/.exec(words[at + 1]?.text ?? "");
    if (!written) return 0;
    const target = parseNumber(written[1] ?? "");
    const flagged = words[at + 2]?.text === "[unresolved]";
    draft.action = { type: "goto", target, unresolved: flagged || written[2] !== undefined || target === undefined };
    return flagged ? 3 : 2;
  },
};

/** NAT of kernels long gone: the line reads like a look-up, the kernel answers with EINVAL (net/ipv4/fib_rules.c: fib4_rule_action). */
const mapTo: RuleKeyword = {
  field: "action",
  hasValue: true,
  read(draft, words, at) {
    const address = words[at + 1]?.text;
    if (address === undefined) return 0;
    draft.refused = `map-to ${address}`;
    return 2;
  },
};

const masquerade: RuleKeyword = {
  field: "action",
  hasValue: false,
  read(draft) {
    draft.refused = "masquerade";
    return 1;
  },
};

/** An action that is one word. */
const namedAction: RuleKeyword = {
  field: "action",
  hasValue: false,
  read(draft, words, at) {
    const action = actionOf(words[at]?.text ?? "");
    if (!action) return 0;
    draft.action = action;
    return 1;
  },
};

const ipproto: RuleKeyword = {
  field: "ipproto",
  hasValue: true,
  read(draft, words, at) {
    const name = words[at + 1]?.text;
    if (name === undefined) return 0;
    const number = ipProtocolOf(name);
    // A name of the host's own /etc/protocols: the rule compares some protocol, which one is not known.
    if (number === undefined) draft.incomplete = true;
    else draft.ipproto = number;
    return 2;
  },
};

// BusyBox prints the byte in decimal, iproute2 as two hex digits or by name.
const tos = single("tos", (word) => dsfieldOf(word) ?? parseNumber(word, 0xff));
const suppressPrefixLength = single("suppressPrefixLength", (word) => parseNumber(word, 128));
// Group 0 is called `default` (iproute2's etc/iproute2/group).
const suppressIfGroup = single("suppressIfGroup", (word) =>
  word === "" ? undefined : word === "default" ? 0 : (parseNumber(word) ?? word),
);
const protocol = single("protocol", (word) => (word === "" ? undefined : protocolName(word)));

/** What may follow the priority of a printed rule (iproute2 ip/iprule.c: print_rule), and its synonyms in commands. */
export const ruleKeywords: ReadonlyMap<string, RuleKeyword> = new Map<string, RuleKeyword>([
  ["from", prefix("from")],
  ["to", prefix("to")],
  ["tos", tos],
  ["dsfield", tos],
  ["fwmark", single("fwmark", (word) => parseMasked(word, 0xffffffff))],
  ["iif", device("iif")],
  ["oif", device("oif")],
  ["uidrange", single("uidrange", (word) => parseRange(word, 0xffffffff))],
  ["ipproto", ipproto],
  ["sport", single("sport", parsePorts)],
  ["dport", single("dport", parsePorts)],
  ["tun_id", single("tunId", parseTunnelId)],
  ["dscp", single("dscp", parseDscp)],
  ["flowlabel", single("flowlabel", (word) => parseMasked(word, 0xfffff))],
  ["lookup", lookup],
  ["table", lookup],
  ["suppress_prefixlength", suppressPrefixLength],
  ["suppress_prefixlen", suppressPrefixLength],
  ["sup_pl", suppressPrefixLength],
  ["suppress_ifgroup", suppressIfGroup],
  ["sup_group", suppressIfGroup],
  ["realms", single("realms", (word) => (/^[^\s/]+(?:\/[^\s/]+)?$/.test(word) ? word : undefined))],
  ["proto", protocol],
  ["protocol", protocol],
  ["goto", goTo],
  ["map-to", mapTo],
  ["masquerade", masquerade],
  ["nop", namedAction],
  ["blackhole", namedAction],
  ["unreachable", namedAction],
  ["prohibit", namedAction],
  ["throw", namedAction],
  ["local", namedAction],
  ["broadcast", namedAction],
  ["anycast", namedAction],
  ["multicast", namedAction],
  ["nat", namedAction],
  ["xresolve", namedAction],
  // Under `ip -N` an action is its number.
  ["6", namedAction],
  ["7", namedAction],
  ["8", namedAction],
  ["9", namedAction],
  ["10", namedAction],
]);

/** The action of a finished draft. One that names none looks up a table that the text does not tell. */
function actionOfDraft({ action, table, refused, l3mdev }: RuleDraft): RuleAction {
  const words = refused ?? (action?.type === "invalid" ? action.words : undefined);
  if (words !== undefined) return { type: "invalid", words: table ? `lookup ${tableWord(table)} ${words}` : words };
  if (action) return action;
  return { type: "lookup", table: l3mdev ? {} : (table ?? {}) };
}

/** The rule of a finished draft. `family` counts where no address tells. */
export function ruleOfDraft(draft: RuleDraft, family: Family, priority: number, place: Place): Mutable<Rule> {
  const { table: _table, refused: _refused, action: _action, ...parts } = draft;
  return Object.assign(parts, {
    family: draft.from?.family ?? draft.to?.family ?? family,
    priority,
    action: actionOfDraft(draft),
    place,
  });
}
