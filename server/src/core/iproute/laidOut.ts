/**
 * The same value, laid out for copying. V8 keeps the members of an object that `JSON.parse` made inside the object, and those of its copies
 * too; an object that was built up by parts costs half as much again, in each of a million routes.
 */
export function laidOut<T extends object>(value: T): T {
  const members = Object.fromEntries(Object.keys(value).map((key) => [key, ""]));
  return Object.assign(JSON.parse(JSON.stringify(members)), value);
}
