/** What says where something stands, not what it is. */
const placed: ReadonlySet<string> = new Set(["place", "rest", "command"]);

/** Whether two values that were read from text are the same in every part, wherever they were read. An absent field and an undefined one are the same. */
export function sameButPlaces(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  for (const key in a) {
    if (!placed.has(key) && !sameButPlaces(a[key as keyof object], b[key as keyof object])) return false;
  }
  for (const key in b) {
    if (!placed.has(key) && !(key in a) && b[key as keyof object] !== undefined) return false;
  }
  return true;
}
