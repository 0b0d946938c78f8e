import type { Hover } from "vscode-languageserver";
import {
  type ExplainedPlace,
  type Explanation,
  explainAt,
  explainDumpAt,
  explainTrace,
  toMarkdown,
} from "../../core/index.js";
import { type AnalysedCase, type KnownFile, nodeOfFile, textOf } from "../caseStore.js";
import { toRange } from "../toLsp.js";

/** What became of the packet that an event shows: its walk's outcome, as a note under whatever is hovered. */
function withOutcome(analysed: AnalysedCase, uri: string, offset: number, explanation: Explanation): Explanation {
  const trace = nodeOfFile(analysed, uri)?.node.traces.find(({ packet }) =>
    packet.events.some(({ event: { place } }) => place.file === uri && place.start <= offset && offset < place.end),
  );
  if (!trace) return explanation;
  const { title, outcome } = explainTrace(trace, (place) => textOf(analysed, place));
  return { ...explanation, notes: [...explanation.notes, `${title}: ${outcome}`] };
}

function explainedAt(
  analysed: AnalysedCase,
  uri: string,
  { read }: KnownFile,
  offset: number,
): ExplainedPlace | undefined {
  const event = read.events.find(({ place }) => place.start <= offset && offset < place.end);
  const inEvent = event && explainAt(read.text, event, offset, { version: read.version });
  if (inEvent) return { ...inEvent, explanation: withOutcome(analysed, uri, offset, inEvent.explanation) };
  const node = nodeOfFile(analysed, uri)?.node;
  return node && explainDumpAt(read.transcript, node.state, offset);
}

/** `textDocument/hover`: the token under the cursor, explained. */
export function hover(analysed: AnalysedCase, uri: string, offset: number): Hover | null {
  const file = analysed.files.get(uri);
  const explained = file && explainedAt(analysed, uri, file, offset);
  if (!file || !explained) return null;
  return {
    contents: { kind: "markdown", value: toMarkdown(explained.explanation) },
    range: toRange(file.lines, explained.span),
  };
}
