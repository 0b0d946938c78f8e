import { readTranscript } from "../iproute/readTranscript.js";
import type { Transcript } from "../iproute/section.js";
import type { MonitorEvent } from "../monitor/event.js";
import { readCapture } from "../monitor/readCapture.js";
import type { Problem } from "../text/span.js";

/** A text and the name the shell knows it by. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** All that was read from one file. A pasted terminal may hold log lines and dumps alike, so both readers look at every file. */
export interface ReadFile extends SourceFile {
  readonly transcript: Transcript;
  readonly events: readonly MonitorEvent[];
  readonly problems: readonly Problem[];
}

/** Reads a file's text: events, sections of dumps, and what can't be read. */
export function readFile({ file, text }: SourceFile): ReadFile {
  const transcript = readTranscript(file, text);
  const capture = readCapture(file, text);
  return { file, text, transcript, events: capture.events, problems: [...capture.problems, ...transcript.problems] };
}

/** Whether anything of Packetwalk's business was found in it. */
export function isRecognised(read: ReadFile): boolean {
  return read.events.length > 0 || read.transcript.sections.length > 0 || read.problems.length > 0;
}
