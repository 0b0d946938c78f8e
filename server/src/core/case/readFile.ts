import { readTranscript } from "../iproute/readTranscript.js";
import type { Transcript } from "../iproute/section.js";
import type { MonitorEvent } from "../monitor/event.js";
import { readCapture } from "../monitor/readCapture.js";
import { type CaptureVersion, captureVersion } from "../monitor/version.js";
import type { Problem } from "../text/span.js";

/** A text and the name the shell knows it by. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  /** The version of Cilium that printed it, as a minor number of 1.x, where the user says so; else it is inferred. */
  readonly ciliumVersion?: number;
}

/** All that was read from one file. A pasted terminal may hold log lines and dumps alike, so both readers look at every file. */
export interface ReadFile extends SourceFile {
  readonly transcript: Transcript;
  readonly events: readonly MonitorEvent[];
  readonly problems: readonly Problem[];
  /** The version of Cilium that printed the events. */
  readonly version: CaptureVersion;
}

/** Reads a file's text: events, sections of dumps, and what can't be read. */
export function readFile({ file, text, ciliumVersion }: SourceFile): ReadFile {
  const transcript = readTranscript(file, text);
  const { events, problems } = readCapture(file, text);
  const version = captureVersion(events, ({ place }) => text.charAt(place.start) === "{", ciliumVersion);
  return { file, text, transcript, events, problems: [...problems, ...transcript.problems], version };
}

/** Whether anything of Packetwalk's business was found in it. */
export function isRecognised(read: ReadFile): boolean {
  return read.events.length > 0 || read.transcript.sections.length > 0 || read.problems.length > 0;
}
