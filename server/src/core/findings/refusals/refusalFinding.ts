import type { Place } from "../../text/span.js";
import type { Finding } from "../finding.js";
import { fateWords, gradeRefusal, premiseWords, refusalPlaces, reverseWords } from "./refusalWords.js";
import type { SourceRefusal } from "./sourceRefusal.js";

/** What the two kinds of refusals say each in their own way. */
interface RefusalWords {
  readonly place: Place;
  /** The sentence that says who refuses what. */
  readonly opening: string;
  /** The sentence that says what to do. */
  readonly remedy: string;
}

/** The finding that a source is refused: who refuses it, why, the way back, what is known of the packets, what to do, and what that rests on. */
export function refusalFinding(
  code: "rp-filter-drop" | "source-validation-drop",
  refusal: SourceRefusal,
  { place, opening, remedy }: RefusalWords,
): Finding {
  const sentences = [
    opening,
    refusal.validation?.message,
    reverseWords(refusal),
    fateWords(refusal),
    remedy,
    premiseWords(refusal),
  ];
  return {
    code,
    ...gradeRefusal(refusal),
    place,
    message: sentences.filter((words) => words !== undefined).join(" "),
    related: refusalPlaces(refusal),
    data: { code, refusal },
  };
}
