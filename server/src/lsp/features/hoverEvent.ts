import type { Hover, Position } from "vscode-languageserver";
import { explainAt, packetAt as indexedPacketAt, type PacketStatus, statusIn } from "../../core/index.js";
import { type AnalysedCase, nodeAt } from "../caseStore.js";
import { offsetIn, positionIn } from "../document/chunkedText.js";
import type { DocumentReader } from "../document/documentReader.js";
import type { OpenDocument } from "../document/openDocument.js";
import { packetAt, toHover, withNote } from "./hover.js";

/** What became of a packet that was not walked itself: one that differs from it in nothing that matters was. */
const outcomes: Readonly<Record<PacketStatus, string>> = {
  broken: "The packet of this event went astray. The panel shows where.",
  ok: "The packet of this event took its normal way. The panel shows it.",
  unknown: "The capture does not show what became of the packet of this event.",
};

/** What became of the packet of the event that begins at an offset of a large document. */
function outcomeOf(analysed: AnalysedCase, uri: string, position: Position, start: number): string | undefined {
  const capture = analysed.large?.captures.find(({ file }) => file === uri);
  if (!capture) return undefined;
  const packet = indexedPacketAt(capture.segments, start);
  if (packet < 0) return undefined;
  const status = statusIn(capture, packet);
  const offset = analysed.files.get(uri)?.lines.offset(position);
  const walked = offset === undefined ? undefined : packetAt(analysed, uri, offset);
  // A packet that was only read beside others was walked without those that it depends on.
  return walked?.status === status ? `${walked.title}: ${walked.outcome}` : outcomes[status];
}

/**
 * `textDocument/hover` over an event of a large document, which is decoded by itself.
 *
 * @param analysed the case as it is now, if that is known already: it tells what became of the packet
 */
export function hoverEvent(
  { uri, text }: OpenDocument,
  reader: DocumentReader,
  position: Position,
  analysed: AnalysedCase | undefined,
): Hover | null {
  const offset = offsetIn(text, position);
  const alone = reader.eventAt(text, offset);
  if (!alone) return null;
  const { read, start } = alone;
  const own = offset - start;
  const event = read.events.find(({ place }) => place.start <= own && own < place.end);
  const stated = analysed && nodeAt(analysed, uri, offset)?.node.files.find(({ file }) => file === uri);
  const version = (stated ?? analysed?.files.get(uri)?.read ?? read).version;
  const explained = event && explainAt(read.text, event, own, { version });
  if (!explained) return null;
  const { explanation, span } = explained;
  const note = analysed && outcomeOf(analysed, uri, position, start + event.place.start);
  const range = { start: positionIn(text, start + span.start), end: positionIn(text, start + span.end) };
  return toHover(withNote(explanation, note), range);
}
