import { lineSpans } from "../text/lines.js";
import type { Problem, Span } from "../text/span.js";
import { decodeLine } from "./decodeLine.js";
import type { DecodedLine, MonitorEvent } from "./event.js";
import { decodeJson } from "./jsonLine.js";
import { objectEnd, objectStart } from "./jsonObject.js";
import { skipBlank } from "./lineNoise.js";
import { readWrappedText } from "./textWrapped.js";
import { type DecodedBlock, readVerboseBlock } from "./verboseBlock.js";

/** All that was read from one text of monitor output. */
export interface Capture {
  readonly events: readonly MonitorEvent[];
  readonly problems: readonly Problem[];
  /** Lines that are knowingly no events. Empty lines are not listed. */
  readonly remarks: readonly Span[];
  /** How many lines the text has. */
  readonly lines: number;
}

/**
 * Reads a whole capture. Beyond `decodeLine`, it re-joins objects that a terminal wrapped or that were printed over several lines,
 * and reads several objects on one line. Linear in the length of the text.
 */
export function readCapture(file: string, text: string): Capture {
  const lines = [...lineSpans(text)];
  const events: MonitorEvent[] = [];
  const problems: Problem[] = [];
  const remarks: Span[] = [];

  const keep = (decoded: DecodedLine) => {
    if (decoded.type === "event") {
      events.push(decoded.event);
      problems.push(...decoded.problems);
    } else if (decoded.type === "problem") problems.push(decoded.problem);
    else remarks.push({ start: decoded.place.start, end: decoded.place.end });
  };

  for (let index = 0; index < lines.length; index++) {
    let line = lines[index] ?? { start: 0, end: 0 };
    for (;;) {
      if (skipBlank(text, line.start) >= line.end) break;
      // What stands behind an object on its line is JSON again: only whole lines begin a block.
      const isWhole = line === lines[index];
      const wrapped =
        joinWrapped(file, text, lines, index, line) ??
        (isWhole
          ? (readVerboseBlock(file, text, lines, index) ?? readWrappedText(file, text, lines, index))
          : undefined);
      const decoded = wrapped?.decoded ?? decodeLine(file, text, line);
      if (wrapped) index = wrapped.index;
      keep(decoded);
      const rest = restBehind(text, decoded, lines[index] ?? line);
      if (!rest) break;
      line = rest;
    }
  }
  return { events, problems, remarks, lines: lines.length };
}

/**
 * Re-joins a message that opens on a line and does not close there. The search ends at the next line that opens a message, and only
 * such lines start one, so no character is searched twice.
 */
function joinWrapped(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
  line: Span,
): DecodedBlock | undefined {
  const start = objectStart(text, line);
  if (start?.kind !== "event" || objectEnd(text, start.at, line.end).type !== "cut") return undefined;
  let last = index;
  for (let next = lines[last + 1]; next && objectStart(text, next)?.kind !== "event"; next = lines[last + 1]) last++;
  const end = objectEnd(text, start.at, lines[last]?.end ?? line.end);
  if (end.type !== "closed") return undefined;
  const decoded = decodeJson(file, text, { start: start.at, end: end.end });
  if (decoded.type !== "event") return undefined;
  let closing = index;
  while ((lines[closing]?.end ?? end.end) < end.end) closing++;
  return { decoded, index: closing };
}

/** What stands behind an object on its last line, where that holds another one. */
function restBehind(text: string, decoded: DecodedLine, line: Span): Span | undefined {
  if (decoded.type === "remark") return undefined;
  const { end } = decoded.type === "event" ? decoded.event.place : decoded.problem.place;
  const rest = { start: end, end: line.end };
  return end < line.end && objectStart(text, rest)?.kind === "event" ? rest : undefined;
}
