import type { Family } from "../net/address.js";
import { everything } from "../net/prefix.js";
import type { Problem } from "../text/span.js";
import type { IpCommand } from "./ipCommand.js";
import { type Line, placeIn } from "./line.js";
import { parseLoosePrefix } from "./loosePrefix.js";
import { localTable, mainTable, routeTypeOf } from "./names.js";
import { parseNumber } from "./number.js";
import { readRouteWords, routeOfDraft } from "./readRouteLine.js";
import type { Route } from "./route.js";
import { emptyRouteDraft, type RouteDraft } from "./routeKeywords.js";
import type { Rule } from "./rule.js";
import { type RuleDraft, ruleKeywords, ruleOfDraft } from "./ruleKeywords.js";
import type { Word } from "./word.js";

/** The rule or route that a command names; a problem if one of its words cannot be one of a command. */
export interface ChangeReading {
  readonly rule?: Rule;
  readonly route?: Route;
  readonly problem?: Problem;
}

/** Whether a word is filled in by the shell, so that the text does not tell what it is. */
export function isVariable(word: string): boolean {
  return /[$`{}<>]/.test(word);
}

/** A value that cannot be read. One without any digit may be a name that the shell knows, or prose: no problem is made of it. */
function refused(line: Line, word: Word | undefined, keyword: Word, command: string): ChangeReading {
  if (word && !/\d/.test(word.text)) return {};
  if (!word) {
    const place = placeIn(line, keyword.start, keyword.end);
    return { problem: { place, message: `The command breaks off behind \`${keyword.text}\`.` } };
  }
  const place = placeIn(line, word.start, word.end);
  return {
    problem: { place, message: `\`${word.text}\` is no value that \`${keyword.text}\` can have in \`${command}\`.` },
  };
}

/** Synonyms of `ip rule` commands that no listing prints (ip/iprule.c: iprule_modify). */
const priorityWords = new Set(["pref", "preference", "prio", "priority", "order"]);

/** Reads the arguments of `ip rule add` or `ip rule del`. */
export function readRuleCommand(line: Line, command: IpCommand): ChangeReading {
  const words = command.words.slice(command.args);
  if (words.some((word) => isVariable(word.text))) return {};
  const draft: RuleDraft = { not: false, incomplete: false };
  let priority = -1;
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (!word) break;
    const value = words[at + 1];
    let used = 1;
    if (priorityWords.has(word.text)) {
      const number = parseNumber(value?.text ?? "");
      if (number === undefined) return refused(line, value, word, "ip rule");
      priority = number;
      used = 2;
    } else if (word.text === "not") {
      draft.not = true;
    } else if (word.text === "l3mdev") {
      draft.l3mdev = true;
    } else if (word.text === "type") {
      // `type blackhole` is the long form of `blackhole`.
    } else {
      const keyword = ruleKeywords.get(word.text === "dev" ? "iif" : word.text);
      if (!keyword)
        return parseLoosePrefix(word.text) ? refused(line, word, { ...word, text: command.verb }, "ip rule") : {};
      used = keyword.read(draft, words, at);
      if (used === 0) return refused(line, value, word, "ip rule");
    }
    at += used;
  }
  // A rule that is added without any action looks up main (ip/iprule.c: iprule_modify); one to delete may leave it open.
  if (command.verb === "add" && !draft.l3mdev && !draft.action) draft.table ??= mainTable;
  return { rule: ruleOfDraft(draft, command.family ?? 4, priority, placeIn(line, command.start, command.end)) };
}

/** The scope that `ip route add` gives an IPv4 route where the command names none (ip/iproute.c: iproute_modify). */
function defaultScope(draft: RouteDraft): string | undefined {
  if (draft.type === "local" || draft.type === "nat") return "host";
  if (draft.type === "broadcast" || draft.type === "multicast" || draft.type === "anycast") return "link";
  if (draft.type !== "unicast") return undefined;
  return draft.nhid === undefined && draft.hops.every((hop) => hop.via === undefined) ? "link" : undefined;
}

/** Reads the arguments of `ip route add`, `replace`, `change`, `append` or `del`. */
export function readRouteCommand(line: Line, command: IpCommand): ChangeReading {
  const words = command.words.slice(command.args).filter((word) => word.text !== "to");
  if (words.some((word) => isVariable(word.text))) return {};
  const draft = emptyRouteDraft();
  let at = 0;
  const type = routeTypeOf(words[0]?.text ?? "");
  if (type) {
    draft.type = type;
    at = 1;
  }
  const destination = words[at];
  if (!destination) return {};
  const dst = destination.text === "default" ? "default" : parseLoosePrefix(destination.text);
  if (!dst) {
    if (!/^\d|:/.test(destination.text)) return {};
    const message = `\`${destination.text}\` is no address or prefix.`;
    return { problem: { place: placeIn(line, destination.start, destination.end), message } };
  }
  const { at: end, stop } = readRouteWords(draft, words, at + 1);
  const keyword = words[end];
  if (stop && keyword) return refused(line, stop === keyword ? undefined : stop, keyword, "ip route");
  if (keyword) return {};
  const family: Family =
    dst !== "default" ? dst.family : (draft.src?.family ?? command.family ?? draft.gatewayFamily ?? 4);
  const scope = draft.scope ?? (family === 4 && command.verb !== "del" ? defaultScope(draft) : undefined);
  const table = ["local", "broadcast", "nat", "anycast"].includes(draft.type) ? localTable : mainTable;
  const place = placeIn(line, command.start, command.end);
  const route = routeOfDraft(
    scope === undefined ? draft : { ...draft, scope },
    family,
    dst === "default" ? everything(family) : dst,
    { family, table },
    place,
  );
  return { route };
}
