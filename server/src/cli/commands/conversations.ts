import { endWords, explainTrace, socketTranslation, traceEnds } from "../../core/index.js";
import { analysePaths } from "../analysePaths.js";
import { type ConversationRow, conversationRows } from "../conversationRows.js";
import type { OpenOptions } from "../openPaths.js";
import { printable } from "../output.js";
import type { PacketFilter } from "../packetRows.js";
import { printList } from "../printList.js";

/** A conversation for a list. */
function describeConversation({ number, node, story, worst, packets, carriedBy, first, last }: ConversationRow) {
  const { trace, sources } = worst;
  const walk = explainTrace(trace, (place) => sources.text(place));
  const { status, outcome, file, conversation } = walk;
  const { endpoints, states } = traceEnds(trace);
  const socket = socketTranslation(trace);
  return {
    number,
    node,
    file,
    conversation,
    ...story,
    translations: [...(socket ? [socket] : []), ...story.translations],
    status,
    disposition: trace.disposition.type,
    outcome,
    endpoints,
    states,
    hops: walk.hops.map(({ place, node: on, seen }) => ({ place, ...(on === undefined ? {} : { node: on }), seen })),
    worst: worst.number,
    packets,
    carriedBy,
    first,
    last,
  };
}

function countWords({ packets, bytes }: { readonly packets: number; readonly bytes: number }, what: string): string[] {
  if (packets === 0) return [];
  return [`${packets} ${what}${packets === 1 ? "" : "s"}${bytes === 0 ? "" : ` (${bytes} bytes)`}`];
}

function conversationLines(row: ReturnType<typeof describeConversation>): string[] {
  const { protocol, client, server, requests, replies, others, translations, carriedBy, packets } = row;
  const counts = [
    ...countWords(requests, "request"),
    ...countWords(replies, "reply").map((words) => words.replace("replys", "replies")),
    ...countWords(others, requests.packets + replies.packets > 0 ? "other packet" : "packet"),
  ].join(", ");
  const lines =
    row.first.line === row.last.line ? `line ${row.first.line}` : `lines ${row.first.line} to ${row.last.line}`;
  const { broken, unknown } = row.counts;
  const fared = `${broken > 0 ? `, ${broken} astray` : ""}${unknown > 0 ? `, ${unknown} unknown` : ""}`;
  // Where it was dropped the outcome says.
  const seen = row.hops.flatMap((hop) => (hop.seen && hop.place !== "dropped" ? [hop.place] : [])).join(" > ");
  return [
    `${String(row.number).padStart(4)}  ${row.status.padEnd(7)}  ${protocol.toUpperCase().replace("V6", "v6")} ${endWords(client)} > ${endWords(server)}: ${counts}  (${row.file}, ${lines})`,
    ...translations.map(({ end, from, to, by }) => `      ${end} ${from} becomes ${to}${by ? " in the socket" : ""}`),
    ...(carriedBy.length > 0
      ? [`      carried by ${carriedBy.map((number) => `conversation ${number}`).join(", ")}`]
      : []),
    `      packet ${row.worst}${packets.length === 1 ? "" : `, one of ${packets.length}${fared}`}: ${seen === "" ? "" : `${seen} - `}${row.outcome}`,
  ];
}

/** `packetwalk flows PATH...`: conversations, those with a broken packet first. */
export async function conversations(
  paths: readonly string[],
  filter: PacketFilter,
  format: "text" | "json",
  print: (line: string) => void,
  options: OpenOptions = {},
): Promise<number> {
  const analysed = await analysePaths(paths, options);
  const list = printList("conversations", format, print);
  for (const conversation of conversationRows(analysed, filter)) {
    const row = describeConversation(conversation);
    if (format === "json") list.add(row);
    else for (const line of conversationLines(row)) print(printable(line));
  }
  list.end();
  await analysed.close();
  return 0;
}
