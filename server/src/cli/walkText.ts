import type { HopStory, WalkStory } from "../core/index.js";
import { indent, printable, type SourceMap } from "./output.js";

function hopLines({ node, title, device, seen, sentences, evidence }: HopStory, sources: SourceMap): string[] {
  const head = `${node === undefined ? "" : `${node}: `}${title}${device === undefined ? "" : ` (${device})`}${seen ? "" : "  - no event here"}`;
  return [
    printable(head),
    ...indent(sentences),
    ...indent(evidence.map(({ label, place }) => `see ${sources.label(place)} (${label})`)),
  ];
}

function numbered(hops: readonly HopStory[], from: number, sources: SourceMap): string[] {
  return hops.flatMap((hop, index) => {
    const [head = "", ...rest] = hopLines(hop, sources);
    return [`${String(from + index + 1).padStart(3)}. ${head}`, ...indent(rest, "     ")];
  });
}

/** A walk for a terminal: hop by hop, and where it parts from the normal way both ways, one after the other. */
export function walkText(walk: WalkStory, sources: SourceMap): string[] {
  const { hops, expected, parting, notes } = walk;
  const detail = walk.detail === "" ? "" : ` (${walk.detail})`;
  const head = [`${walk.title}${detail}, ${walk.file}`, `  ${walk.outcome}`, ""];
  const tail = notes.map((note) => `  Note: ${note}`);
  if (parting === undefined || !expected) return [...head, ...numbered(hops, 0, sources), ...tail];
  return [
    ...head,
    ...numbered(hops.slice(0, parting), 0, sources),
    "  -- here they part ------------------------------------------------",
    "  What happened:",
    ...numbered(hops.slice(parting), parting, sources),
    "  What should have happened:",
    ...numbered(expected.slice(parting), parting, sources),
    ...tail,
  ];
}
