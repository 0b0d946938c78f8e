import type { CaseView, FactView, LocationView, SetUpView } from "../../../../server/src/lsp/protocol.js";
import { button, element } from "./element.js";
import { icon } from "./icons.js";
import { prose } from "./prose.js";
import { packetCount, packetSummary } from "./words.js";

type Reveal = (location: LocationView, focus: boolean) => void;

/** Name of the case, how its packets fared, what its files do not show, and the set-up of its nodes. */
export function caseHeader(known: CaseView, reveal: Reveal): HTMLElement {
  return element(
    "header",
    { class: "case-header" },
    element("h1", {}, known.caseName),
    element("p", { class: "muted" }, packetSummary(known)),
    missingNote(known.missing, packetCount(known) === 0),
    ...known.setUp.map((setUp) => setUpNote(setUp, known.setUp.length > 1, reveal)),
  );
}

function setUpNote({ node, facts }: SetUpView, isNamed: boolean, reveal: Reveal): HTMLElement {
  return element(
    "details",
    { class: "note" },
    element("summary", {}, icon("info"), isNamed ? `Set-up of ${node}` : "Set-up of the node"),
    element("ul", {}, ...facts.map((fact) => element("li", {}, ...factNodes(fact, reveal)))),
  );
}

/** `normal.log, line 9`. */
function lineWords({ uri, range }: LocationView): string {
  return `${decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1))}, line ${range.start.line + 1}`;
}

function factNodes({ title, sentence, location }: FactView, reveal: Reveal): (Node | string)[] {
  const show =
    location &&
    button(
      { class: "link", "aria-label": `Show what tells: ${title}` },
      () => reveal(location, false),
      lineWords(location),
    );
  return [element("strong", {}, title), ". ", ...prose(sentence), ...(show ? [" ", show] : [])];
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
