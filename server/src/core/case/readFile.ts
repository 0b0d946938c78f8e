import { transcriptSteps } from "../iproute/readTranscript.js";
import type { Transcript } from "../iproute/section.js";
import type { MonitorEvent } from "../monitor/event.js";
import { captureSteps } from "../monitor/readCapture.js";
import { readSettings } from "../monitor/settings/readSettings.js";
import type { Setting } from "../monitor/settings/setting.js";
import { type CaptureVersion, captureVersion } from "../monitor/version.js";
import type { Problem } from "../text/span.js";
import { allSteps, type Steps } from "../text/steps.js";

/** A text and the name the shell knows it by. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  /** The version of Cilium that printed it, as a minor number of 1.x, where the user says so; else it is inferred. */
  readonly ciliumVersion?: number;
  /** Whether the text is some of a larger file's events: what is not in it proves nothing, and the only one in it may be one of many. */
  readonly isPart?: true;
}

/** All that was read from one file. A pasted terminal may hold log lines and dumps alike, so both readers look at every file. */
export interface ReadFile extends SourceFile {
  readonly transcript: Transcript;
  readonly events: readonly MonitorEvent[];
  /** What it states of Cilium's set-up and version: `cilium status`, the agent's options. */
  readonly settings: readonly Setting[];
  readonly problems: readonly Problem[];
  /** The version of Cilium that printed the events. */
  readonly version: CaptureVersion;
  /** What of it was not looked at, a sentence each; absent where all was. */
  readonly limits?: readonly string[];
}

/** Reads a file's text: events, sections of dumps, and what can't be read. */
export function readFile(source: SourceFile): ReadFile {
  return allSteps(readingSteps(source));
}

/** `readFile`, some lines at a time. */
export function* readingSteps({ file, text, ciliumVersion, isPart }: SourceFile): Steps<ReadFile> {
  const transcript = yield* transcriptSteps(file, text);
  const { events, problems } = yield* captureSteps(file, text);
  const version = captureVersion(events, ({ place }) => text.charAt(place.start) === "{", ciliumVersion);
  const settings = readSettings(file, text);
  return {
    file,
    text,
    ...(isPart ? { isPart } : {}),
    transcript,
    events,
    settings,
    problems: [...problems, ...transcript.problems],
    version,
  };
}

/** Whether anything of Packetwalk's business was found in it. */
export function isRecognised(read: ReadFile): boolean {
  const { events, transcript, settings, problems } = read;
  return events.length > 0 || transcript.sections.length > 0 || settings.length > 0 || problems.length > 0;
}
