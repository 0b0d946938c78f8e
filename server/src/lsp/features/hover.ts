import type { Hover, Position, Range } from "vscode-languageserver";
import {
  type ExplainedPlace,
  type Explanation,
  explainAt,
  explainDumpAt,
  explainPacket,
  toMarkdown,
} from "../../core/index.js";
import { type AnalysedCase, nodeAt } from "../caseStore.js";
import { toRange } from "../toLsp.js";
import type { KnownFile } from "../wholeFiles.js";

/** The packet that an event shows, in words, as far as its walk is known. */
export function packetAt(analysed: AnalysedCase, uri: string, offset: number) {
  const trace = nodeAt(analysed, uri, offset)?.node.traces.find(({ packet }) =>
    packet.events.some(({ event: { place } }) => place.file === uri && place.start <= offset && offset < place.end),
  );
  return trace && explainPacket(trace);
}

/** An explanation with what became of the packet, as a note under whatever is hovered. */
export function withNote(explanation: Explanation, note: string | undefined): Explanation {
  return note === undefined ? explanation : { ...explanation, notes: [...explanation.notes, note] };
}

export function toHover(explanation: Explanation, range: Range): Hover {
  return { contents: { kind: "markdown", value: toMarkdown(explanation) }, range };
}

function explainedAt(
  analysed: AnalysedCase,
  uri: string,
  { read }: KnownFile,
  offset: number,
): ExplainedPlace | undefined {
  const node = nodeAt(analysed, uri, offset)?.node;
  // What the node's other files state of its version counts for this one, too.
  const version = node?.files.find(({ file }) => file === uri)?.version ?? read.version;
  const event = read.events.find(({ place }) => place.start <= offset && offset < place.end);
  const inEvent = event && explainAt(read.text, event, offset, { version });
  if (inEvent) {
    const packet = packetAt(analysed, uri, offset);
    return { ...inEvent, explanation: withNote(inEvent.explanation, packet && `${packet.title}: ${packet.outcome}`) };
  }
  return node && explainDumpAt(read.transcript, node.state, offset);
}

/** `textDocument/hover`: the token under the cursor, explained. */
export function hover(analysed: AnalysedCase, uri: string, position: Position): Hover | null {
  const file = analysed.files.get(uri);
  const offset = file?.lines.offset(position);
  const explained = file && offset !== undefined && explainedAt(analysed, uri, file, offset);
  if (!file || !explained) return null;
  return toHover(explained.explanation, toRange(file.lines, explained.span));
}
