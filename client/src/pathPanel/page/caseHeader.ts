import type { CaseView } from "../../../../server/src/lsp/protocol.js";
import { element } from "./element.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";
import { packetCount, packetSummary } from "./words.js";

/** Name of the case, how its packets fared, and what its files do not show. */
export function caseHeader(known: CaseView): HTMLElement {
  return element(
    "header",
    { class: "case-header" },
    element("h1", {}, known.caseName),
    element("p", { class: "muted" }, packetSummary(known)),
    missingNote(known.missing, packetCount(known) === 0),
  );
}

function missingNote(missing: readonly string[], open: boolean): HTMLElement | undefined {
  if (missing.length === 0) return undefined;
  const subject = missing.length === 1 ? "One thing is" : `${missing.length} things are`;
  return element(
    "details",
    { class: "note", open },
    element("summary", {}, icon("info"), `${subject} missing here`),
    element("ul", {}, ...missing.map((sentence) => element("li", {}, ...prose(sentence)))),
  );
}
