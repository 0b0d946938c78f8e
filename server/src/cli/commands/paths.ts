import { analyse, caseStory, type WalkStory } from "../../core/index.js";
import { SourceMap } from "../output.js";
import { readPaths } from "../readPaths.js";
import { walkText } from "../walkText.js";
import { withPlaces } from "./explain.js";

/** Which packets are asked for; absent options leave all. */
export interface PacketFilter {
  readonly src?: string;
  readonly dst?: string;
  readonly broken?: boolean;
  /** Position in the list of `flows`, from 1. */
  readonly packet?: number;
}

function matches({ src, dst, broken }: PacketFilter): (walk: WalkStory) => boolean {
  return ({ title, status }) =>
    (src === undefined || title.includes(` from ${src}`)) &&
    (dst === undefined || title.includes(` to ${dst}`)) &&
    (!broken || status === "broken");
}

async function selected(paths: readonly string[], filter: PacketFilter) {
  const files = await readPaths(paths);
  const sources = new SourceMap(files);
  const walks = analyse(files)
    .nodes.flatMap((node) => caseStory(node, (place) => sources.text(place)))
    .map((walk, index) => ({ number: index + 1, walk }));
  return {
    sources,
    walks: walks.filter(
      ({ number, walk }) => (filter.packet === undefined || filter.packet === number) && matches(filter)(walk),
    ),
  };
}

/** `packetwalk flows PATH...`: a line for each packet, broken ones first. */
export async function flows(
  paths: readonly string[],
  filter: PacketFilter,
  format: "text" | "json",
  print: (line: string) => void,
): Promise<number> {
  const { walks } = await selected(paths, filter);
  if (format === "json") {
    const rows = walks.map(({ number, walk }) => ({
      number,
      file: walk.file,
      title: walk.title,
      detail: walk.detail,
      direction: walk.direction,
      conversation: walk.conversation,
      status: walk.status,
      outcome: walk.outcome,
      hops: walk.hops.map(({ place, seen }) => ({ place, seen })),
    }));
    print(JSON.stringify({ version: 1, flows: rows }, null, 2));
    return 0;
  }
  for (const { number, walk } of walks) {
    print(`${String(number).padStart(4)}  ${walk.status.padEnd(7)}  ${walk.title}  (${walk.detail}, ${walk.file})`);
    print(
      `      ${walk.hops
        .filter(({ seen }) => seen)
        .map(({ title }) => title)
        .join(" > ")}: ${walk.outcome}`,
    );
  }
  return 0;
}

/** `packetwalk path PATH...`: the walk of each selected packet, hop by hop. */
export async function path(
  paths: readonly string[],
  filter: PacketFilter,
  format: "text" | "json",
  print: (line: string) => void,
): Promise<number> {
  const { walks, sources } = await selected(paths, filter);
  if (format === "json") {
    print(
      JSON.stringify(
        { version: 1, walks: walks.map(({ number, walk }) => ({ number, ...walk, ...withPlaces(walk, sources) })) },
        null,
        2,
      ),
    );
    return 0;
  }
  for (const { number, walk } of walks) {
    print(`Packet ${number}`);
    for (const line of walkText(walk, sources)) print(line);
    print("");
  }
  return 0;
}
