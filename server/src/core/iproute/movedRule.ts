import type { Place, Span } from "../text/span.js";
import type { Rule } from "./rule.js";

/** A place `by` code units further on. */
export function movedPlace({ file, start, end }: Place, by: number): Place {
  return { file, start: start + by, end: end + by };
}

/** A stretch `by` code units further on. */
export function movedSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/**
 * A rule of which nothing but its place changed: what stands before it in the text became longer or shorter by `by` code units. Member by
 * member, because thousands of rules move with each key that is pressed: V8 gives what `...` copies a hidden class of its own, so that copies
 * of copies are made the slow way.
 */
export function movedRule(rule: Rule, by: number): Rule {
  const moved: { -readonly [Member in keyof Rule]: Rule[Member] } = {
    family: rule.family,
    priority: rule.priority,
    not: rule.not,
    action: rule.action,
    incomplete: rule.incomplete,
    place: movedPlace(rule.place, by),
  };
  if (rule.from) moved.from = rule.from;
  if (rule.to) moved.to = rule.to;
  if (rule.fwmark) moved.fwmark = rule.fwmark;
  if (rule.iif) moved.iif = rule.iif;
  if (rule.oif) moved.oif = rule.oif;
  if (rule.tos !== undefined) moved.tos = rule.tos;
  if (rule.dscp) moved.dscp = rule.dscp;
  if (rule.flowlabel) moved.flowlabel = rule.flowlabel;
  if (rule.l3mdev) moved.l3mdev = rule.l3mdev;
  if (rule.uidrange) moved.uidrange = rule.uidrange;
  if (rule.ipproto !== undefined) moved.ipproto = rule.ipproto;
  if (rule.sport) moved.sport = rule.sport;
  if (rule.dport) moved.dport = rule.dport;
  if (rule.tunId !== undefined) moved.tunId = rule.tunId;
  if (rule.suppressPrefixLength !== undefined) moved.suppressPrefixLength = rule.suppressPrefixLength;
  if (rule.suppressIfGroup !== undefined) moved.suppressIfGroup = rule.suppressIfGroup;
  if (rule.realms !== undefined) moved.realms = rule.realms;
  if (rule.protocol !== undefined) moved.protocol = rule.protocol;
  if (rule.rest) moved.rest = movedSpan(rule.rest, by);
  return moved;
}

/**
 * Whether one rule is the other, perhaps at another place. Quick, and only for rules that come from one reading: of equal rules that
 * were read twice it says no.
 */
export function isMovedRule(a: Rule, b: Rule): boolean {
  return (
    a === b ||
    (a.action === b.action &&
      a.priority === b.priority &&
      a.from === b.from &&
      a.to === b.to &&
      a.not === b.not &&
      a.family === b.family &&
      a.incomplete === b.incomplete &&
      a.fwmark === b.fwmark &&
      a.iif === b.iif &&
      a.oif === b.oif &&
      a.tos === b.tos &&
      a.dscp === b.dscp &&
      a.flowlabel === b.flowlabel &&
      a.l3mdev === b.l3mdev &&
      a.uidrange === b.uidrange &&
      a.ipproto === b.ipproto &&
      a.sport === b.sport &&
      a.dport === b.dport &&
      a.tunId === b.tunId &&
      a.suppressPrefixLength === b.suppressPrefixLength &&
      a.suppressIfGroup === b.suppressIfGroup &&
      a.realms === b.realms &&
      a.protocol === b.protocol)
  );
}
