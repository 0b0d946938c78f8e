import type { Section, Transcript } from "../iproute/section.js";
import type { Place } from "../text/span.js";
import { mergeNode } from "./mergeNode.js";
import type { NodeState } from "./nodeState.js";

/** A node as the dumps up to some point of a text showed it. */
export interface StateAt {
  readonly state: NodeState;
  /** The first dump that shows something once more. */
  readonly place: Place;
}

/**
 * The states that successive dumps show: where something is dumped once more that was dumped already, another state begins. What is not
 * dumped again stays as it was. Empty where nothing is dumped twice.
 *
 * @param transcripts in the order of time
 */
export function successiveStates(name: string, transcripts: readonly Transcript[]): StateAt[] {
  const starts: { readonly transcript: number; readonly section: number; readonly place: Place }[] = [];
  let seen: string[] = [];
  for (const [transcript, { sections }] of transcripts.entries()) {
    for (const [section, each] of sections.entries()) {
      const shown = shownBy(each);
      if (shown === undefined) continue;
      if (starts.length === 0 || seen.some((other) => overlap(other, shown))) {
        starts.push({ transcript, section, place: each.command?.place ?? each.place });
        seen = [];
      }
      seen.push(shown);
    }
  }
  if (starts.length < 2) return [];
  return starts.map(({ place }, at) => {
    const end = starts[at + 1];
    const until = end
      ? transcripts
          .slice(0, end.transcript + 1)
          .map((each, index) =>
            index < end.transcript ? each : { ...each, sections: each.sections.slice(0, end.section) },
          )
      : transcripts;
    return { state: mergeNode(name, until), place };
  });
}

/** What a whole dump shows, as a path: `routes/4/100`; undefined for excerpts and for what is no dump. */
function shownBy(section: Section): string | undefined {
  if (("cut" in section && section.cut) || ("filter" in section && section.filter !== undefined)) return undefined;
  switch (section.kind) {
    case "rules":
      // A few lines without their command are a quotation as likely as a list.
      return section.command ? `rules/${section.family}` : undefined;
    case "routes": {
      if (!section.command && section.routes.length === 0) return undefined;
      const { table } = section;
      return `routes/${section.family}/${table ? (table.id ?? table.name ?? "") : ""}`;
    }
    case "links":
      return section.command ? `links/${section.addressFamilies.join("+") || "link"}` : undefined;
    default:
      return undefined;
  }
}

/** A list of all tables (`routes/4/`) shows each of them. */
function overlap(a: string, b: string): boolean {
  return a === b || (a.endsWith("/") && b.startsWith(a)) || (b.endsWith("/") && a.startsWith(b));
}
