import type { Decision } from "../fib/decision.js";
import { wordsForPrefix, wordsForTable } from "../fib/decisionWords.js";
import type { RelatedPlace } from "./finding.js";

/** The rule and the route that a look-up was decided by, of each of its branches. What stands in no file (a derived route) is left out. */
export function decisionPlaces(decision: Decision): RelatedPlace[] {
  return placesOf(decision).filter(({ place }) => place.file !== "");
}

function placesOf(decision: Decision): RelatedPlace[] {
  switch (decision.type) {
    case "route":
      return [
        { place: decision.rule.place, message: `Rule ${decision.rule.priority} decides` },
        {
          place: decision.route.place,
          message: `Its route ${wordsForPrefix(decision.route.dst)} in ${wordsForTable(decision.table)}`,
        },
      ];
    case "error":
      return [
        ...(decision.rule ? [{ place: decision.rule.place, message: `Rule ${decision.rule.priority} decides` }] : []),
        ...(decision.route
          ? [
              {
                place: decision.route.place,
                message: `Its route: ${decision.route.type} ${wordsForPrefix(decision.route.dst)}`,
              },
            ]
          : []),
      ];
    case "branch":
      return [...placesOf(decision.ifMet), ...placesOf(decision.ifNot)];
    case "missing":
      return [];
  }
}
