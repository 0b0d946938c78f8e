/**
 * How `ip rule` and `ip route` begin a line of an address. No event begins so, whatever follows on the line: not with a priority and `from`
 * an address, and not with an address and its device or gateway.
 */
const opening =
  /\d{1,9}:[\t ]{1,9}(?:not )?from [\da-f]|(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?:\/\d{1,3})? (?:dev|via) /y;

/**
 * Whether the line that starts at an offset opens like one of a dump. A pasted terminal may hold thousands of them, each of which would be
 * asked of every reader of events; an object that stands in such a line may still be one.
 */
export function opensLikeDump(text: string, start: number): boolean {
  opening.lastIndex = start;
  return opening.test(text);
}
