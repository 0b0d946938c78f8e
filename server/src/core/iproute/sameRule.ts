import type { Rule } from "./rule.js";

/** What says where a rule stands, not what it is. */
const placed: ReadonlySet<string> = new Set(["place", "rest"]);

/** Whether two rules are the same in every part, priority and protocol included, wherever they were read. */
export function sameRule(a: Rule, b: Rule): boolean {
  return a === b || sameFields(a, b, placed);
}

const none: ReadonlySet<string> = new Set();

/** A loop, because lists of thousands of rules are compared. An absent field and an undefined one are the same. */
function sameFields(a: object, b: object, except: ReadonlySet<string>): boolean {
  for (const key in a) {
    if (!except.has(key) && !sameValue(a[key as keyof object], b[key as keyof object])) return false;
  }
  for (const key in b) {
    if (!except.has(key) && !(key in a) && b[key as keyof object] !== undefined) return false;
  }
  return true;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  return sameFields(a, b, none);
}
