import { explainTrace, traceEnds } from "../../core/index.js";
import { type AnalysedPaths, analysePaths } from "../analysePaths.js";
import type { OpenOptions } from "../openPaths.js";
import { type PacketFilter, type PacketRow, packetRows } from "../packetRows.js";
import { printList } from "../printList.js";
import { UnusablePath } from "../readPaths.js";
import { walkText } from "../walkText.js";
import { withPlaces } from "./explain.js";

type Format = "text" | "json";

/** A packet in words, and what is said of it in a list. */
function describe({ number, node, trace, sources }: PacketRow) {
  const walk = explainTrace(trace, (place) => sources.text(place));
  const { file, title, detail, direction, conversation, status, outcome } = walk;
  const hops = walk.hops.map(({ place, node, seen }) => ({ place, ...(node === undefined ? {} : { node }), seen }));
  const disposition = trace.disposition.type;
  const row = { number, node, file, title, detail, direction, conversation, status, disposition, outcome, hops };
  return { row: { ...row, ...traceEnds(trace) }, walk };
}

/** The selected packets. A number that the list does not have is a mistake of the user's, and not an empty answer. */
function* selected(analysed: AnalysedPaths, filter: PacketFilter): Generator<PacketRow> {
  let count = 0;
  for (const row of packetRows(analysed, filter)) {
    count++;
    yield row;
  }
  if (count === 0 && filter.packet !== undefined) {
    throw new UnusablePath(`no packet ${filter.packet}; \`flows --packets\` lists their numbers`);
  }
}

/** `packetwalk flows --packets PATH...`: a line for each packet, broken ones first. */
export async function packets(
  paths: readonly string[],
  filter: PacketFilter,
  format: Format,
  print: (line: string) => void,
  options: OpenOptions = {},
): Promise<number> {
  const analysed = await analysePaths(paths, options);
  const list = printList("flows", format, print);
  for (const packet of selected(analysed, filter)) {
    const { row, walk } = describe(packet);
    if (format === "json") {
      list.add(row);
      continue;
    }
    print(
      `${String(row.number).padStart(4)}  ${row.status.padEnd(7)}  ${row.title}  (${[row.detail, row.file].filter(Boolean).join(", ")})`,
    );
    const seen = walk.hops.filter((hop) => hop.seen).map(({ title }) => title);
    print(`      ${seen.join(" > ")}: ${row.outcome}`);
  }
  list.end();
  await analysed.close();
  return 0;
}

/** `packetwalk path PATH...`: the walk of each selected packet, hop by hop. */
export async function path(
  paths: readonly string[],
  filter: PacketFilter,
  format: Format,
  print: (line: string) => void,
  options: OpenOptions = {},
): Promise<number> {
  const analysed = await analysePaths(paths, options);
  const list = printList("walks", format, print);
  for (const { number, node, trace, sources } of selected(analysed, filter)) {
    const walk = explainTrace(trace, (place) => sources.text(place));
    if (format === "json") {
      list.add({ number, node, disposition: trace.disposition.type, ...walk, ...withPlaces(walk, sources) });
      continue;
    }
    // Notes name other packets by their numbers in their captures; the list has broken ones first.
    const own = trace.packet.number;
    print(own === number ? `Packet ${number}` : `Packet ${number} (number ${own} of its capture)`);
    for (const line of walkText(walk, sources)) print(line);
    print("");
  }
  list.end();
  await analysed.close();
  return 0;
}
