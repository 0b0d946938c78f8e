import { lineSpans } from "../text/lines.js";
import type { Span } from "../text/span.js";
import { lineAt, marksLength, spanIn } from "./line.js";
import { routeTypeOf } from "./names.js";
import { readRouteWords } from "./readRouteLine.js";
import { emptyRouteDraft, type RouteField } from "./routeKeywords.js";
import { splitWords, type Word } from "./word.js";

/** A part of a route's text. */
export interface RouteWord extends Span {
  readonly field: RouteField;
}

/**
 * The parts of a route's text with their places, the keyword and its value together. Read anew each time it is asked for: a
 * table of a million routes cannot keep them.
 *
 * @param text the whole text; `place` where the route stands in it, as `Route.place` has it.
 * @returns the parts in their order; none for a route of a JSON dump.
 */
export function routeWords(text: string, place: Span): RouteWord[] {
  if (text[place.start] === "{") return [];
  const found: RouteWord[] = [];
  const whole = text.slice(place.start, place.end);
  for (const { start, end } of lineSpans(whole)) {
    const line = lineAt("", text, { start: place.start + start, end: place.start + end });
    const words = splitWords(line.text, marksLength(line.text));
    const note = (field: RouteField, first: Word, last: Word) => {
      found.push({ field, ...spanIn(line, first.start, last.end) });
    };
    let from = 0;
    if (start === 0) {
      const [first, second] = words;
      if (first && second && routeTypeOf(first.text)) {
        note("type", first, first);
        note("dst", second, second);
        from = 2;
      } else if (first) {
        note("dst", first, first);
        from = 1;
      }
    }
    readRouteWords(emptyRouteDraft(), words, from, note);
  }
  return found;
}

/** The part of a route's text at an offset of the text. */
export function routeWordAt(text: string, place: Span, offset: number): RouteWord | undefined {
  return routeWords(text, place).find((word) => word.start <= offset && offset <= word.end);
}
