import { lineSpans } from "../text/lines.js";
import type { Problem, Span } from "../text/span.js";
import { allSteps, type Steps } from "../text/steps.js";
import { decodeObject, decodeText } from "./decodeLine.js";
import type { DecodedLine, MonitorEvent } from "./event.js";
import { readHubbleDict } from "./hubbleDict.js";
import { decodeJson } from "./jsonLine.js";
import { type ObjectStart, objectEnd, objectStart } from "./jsonObject.js";
import { skipBlank } from "./lineNoise.js";
import { opensLikeDump } from "./opensLikeDump.js";
import { textBody } from "./textBody.js";
import { isWhole, readWrappedText } from "./textWrapped.js";
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
 * Reads a whole capture: output of `cilium monitor`, `hubble observe` or pwru, in any of their formats and mixed. Beyond `decodeLine`, it
 * re-joins objects that a terminal wrapped or that were printed over several lines, and reads several objects on one line and events
 * that stand on several. Linear in the length of the text.
 */
export function readCapture(file: string, text: string): Capture {
  return allSteps(captureSteps(file, text));
}

/** Lines that are read in a step. */
const linesOfStep = 16;

/** `readCapture`, some lines at a time. */
export function* captureSteps(file: string, text: string): Steps<Capture> {
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

  let brace = -1;
  for (let index = 0; index < lines.length; index++) {
    if (index % linesOfStep === 0) yield;
    let line = lines[index] ?? { start: 0, end: 0 };
    if (opensLikeDump(text, line.start)) {
      if (brace < line.start) brace = behind(text, "{", line.start);
      if (brace >= line.end) {
        remarks.push(line);
        continue;
      }
    }
    for (;;) {
      if (skipBlank(text, line.start) >= line.end) break;
      const start = objectStart(text, line);
      const block =
        start?.kind === "event"
          ? readObject(file, text, lines, index, line, start)
          : readText(file, text, lines, index, line, start);
      index = block.index;
      keep(block.decoded);
      const rest = restBehind(text, block.decoded, lines[index] ?? line);
      if (!rest) break;
      line = rest;
    }
  }
  return { events, problems, remarks, lines: lines.length };
}

/** Where a character stands at or behind an offset; the end of the text where it does not. */
function behind(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? text.length : at;
}

/** A message of JSON: within its line, else re-joined with the next ones. */
function readObject(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
  line: Span,
  start: ObjectStart,
): DecodedBlock {
  return (
    joinWrapped(file, text, lines, index, line, start) ?? { decoded: decodeObject(file, text, line, start), index }
  );
}

/** A line of text, or the block that begins with it. What stands behind an object on its line begins none. */
function readText(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
  line: Span,
  start: ObjectStart | undefined,
): DecodedBlock {
  const isWholeLine = line === lines[index];
  const body = textBody(text, line);
  const block = isWholeLine
    ? (readVerboseBlock(file, text, lines, index, body) ?? readHubbleDict(file, text, lines, index, body))
    : undefined;
  if (block) return block;
  const decoded = start ? decodeObject(file, text, line, start) : decodeText(file, line, body);
  const isDone = decoded.type === "remark" || (decoded.type === "event" && isWhole(decoded.event));
  const wrapped = isDone || !isWholeLine ? undefined : readWrappedText(file, text, lines, index);
  return wrapped ?? { decoded, index };
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
  start: ObjectStart,
): DecodedBlock | undefined {
  if (objectEnd(text, start.at, line.end).type !== "cut") return undefined;
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
