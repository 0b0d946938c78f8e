import { explainTrace, traceEnds } from "../../core/index.js";
import { analysePaths } from "../analysePaths.js";
import type { OpenOptions } from "../openPaths.js";
import { type PacketFilter, type PacketRow, packetRows } from "../packetRows.js";
import { printList } from "../printList.js";
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
  for (const packet of packetRows(analysed, filter)) {
    const { row, walk } = describe(packet);
    if (format === "json") {
      list.add(row);
      continue;
    }
    print(`${String(row.number).padStart(4)}  ${row.status.padEnd(7)}  ${row.title}  (${row.detail}, ${row.file})`);
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
  for (const { number, node, trace, sources } of packetRows(analysed, filter)) {
    const walk = explainTrace(trace, (place) => sources.text(place));
    if (format === "json") {
      list.add({ number, node, disposition: trace.disposition.type, ...walk, ...withPlaces(walk, sources) });
      continue;
    }
    print(`Packet ${number}`);
    for (const line of walkText(walk, sources)) print(line);
    print("");
  }
  list.end();
  await analysed.close();
  return 0;
}
