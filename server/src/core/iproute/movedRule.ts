import type { Place, Span } from "../text/span.js";
import type { Rule } from "./rule.js";

/** A place `by` code units further on. */
export function movedPlace({ file, start, end }: Place, by: number): Place {
  return { file, start: start + by, end: end + by };
}

/** A rule of which nothing but its place changed: what stands before it in the text became longer or shorter by `by` code units. */
export function movedRule(rule: Rule, by: number): Rule {
  const fields: { -readonly [Field in keyof Rule["fields"]]: Span } = {};
  for (const field in rule.fields) {
    const span = rule.fields[field as keyof Rule["fields"]];
    if (span) fields[field as keyof Rule["fields"]] = movedSpan(span, by);
  }
  const moved = { ...rule, place: movedPlace(rule.place, by), fields };
  return rule.rest ? { ...moved, rest: movedSpan(rule.rest, by) } : moved;
}

/** A stretch `by` code units further on. */
export function movedSpan({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
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
